// Workers for pages that are read from a disk: browsers refuse those of file: addresses, so a frame runs the script.
if (location.protocol === "file:") {
  window.Worker = class {
    constructor(url) {
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => this.onmessage && this.onmessage({ data });
      const script = inside.document.createElement("script");
      script.src = new URL(url, location.href).href;
      script.onload = () => {
        const waiting = this.waiting;
        this.waiting = null;
        waiting.forEach((data) => inside.onmessage({ data }));
      };
      script.onerror = (event) => this.onerror && this.onerror(event);
      inside.document.body.append(script);
    }
    postMessage(data) {
      this.waiting ? this.waiting.push(data) : this.frame.contentWindow.onmessage({ data });
    }
    terminate() {
      this.frame.remove();
    }
  };
}
