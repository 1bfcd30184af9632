// A page of the site as a browser has it from a disk, as far as searching needs one: its scripts run as they are built.
// node site_search.cjs PAGES WORDS: prints the pages that are found, as JSON.
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { fileURLToPath, pathToFileURL } = require("node:url");

const NO_FILTER = { input: { type: "operator", data: { operator: "and", operands: [] } }, aggregation: { input: [] } };
const [pages, words] = process.argv.slice(2);
const script = path.join(pages, "assets", "javascripts");
const search = fs.readdirSync(path.join(script, "workers")).find((name) => /^search\..*\.js$/.test(name));

function context(more) {
  const made = vm.createContext({ console, setTimeout, structuredClone, URL, Intl, TextDecoder, ...more });
  made.self = made.window = made;
  return made;
}

// What a document does: a frame has a window of its own, a script is read from the disk and runs in its window.
function documentOf(own) {
  return {
    createElement: (name) => (name === "iframe" ? { isConnected: false, remove() {} } : {}),
    body: {
      append(element) {
        if (!element.src) {
          element.isConnected = true;
          element.contentWindow = context({});
          element.contentWindow.document = documentOf(() => element.contentWindow);
          return;
        }
        const text = fs.readFileSync(fileURLToPath(element.src), "utf8");
        setTimeout(() => {
          vm.runInContext(text, own());
          element.onload();
        });
      },
    },
  };
}

const page = context({ location: { protocol: "file:", href: pathToFileURL(path.join(pages, "index.html")).href } });
page.document = documentOf(() => page);
page.Worker = class {
  constructor() {
    throw new Error("a browser starts no worker of a file: address");
  }
};
for (const file of [path.join(script, "file-worker.js"), path.join(pages, "search.js")]) {
  vm.runInContext(fs.readFileSync(file, "utf8"), page);
}
const worker = new page.Worker(`assets/javascripts/workers/${search}`);
worker.onmessage = ({ data }) => {
  if (data.type === 1) {
    worker.postMessage({ type: 2, data: { input: words, filter: NO_FILTER } });
  } else {
    const { items } = vm.runInContext("__index", page);
    console.log(JSON.stringify(data.data.items.map(({ id }) => items[id].location)));
    process.exit(0);
  }
};
worker.postMessage({ type: 0, data: vm.runInContext("__index", page) });
