// Workers for pages that are read from a disk: browsers refuse those of file: addresses, so a frame runs the script.
// Messages arrive later and as copies, as a worker's do: what answers at once would be asked within its own answer.
if (location.protocol === "file:") {
  const later = (receive, data) => setTimeout(() => receive(structuredClone(data)));
  window.Worker = class {
    constructor(url) {
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      this.ask = (data) => this.frame.isConnected && inside.onmessage({ data });
      inside.postMessage = (answer) => later((data) => this.onmessage && this.onmessage({ data }), answer);
      const script = inside.document.createElement("script");
      script.src = new URL(url, location.href).href;
      script.onload = () => {
        const waiting = this.waiting;
        this.waiting = null;
        waiting.forEach((data) => later(this.ask, data));
      };
      script.onerror = (event) => this.onerror && this.onerror(event);
      inside.document.body.append(script);
    }
    postMessage(data) {
      this.waiting ? this.waiting.push(data) : later(this.ask, data);
    }
    terminate() {
      this.frame.remove();
    }
  };
}
