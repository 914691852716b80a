// What a page does beyond being read. Without it every sample stands below the other, and all is there.
(() => {
  const root = document.documentElement;
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* not kept */ } },
  };
  const theme = store.get("theme");
  if (theme) root.dataset.theme = theme;

  const on = (target, event, act) => target.addEventListener(event, act);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  // The page that leads to the languages: to the one that was chosen before, else to the browser's.
  const choose = () => {
    const links = all("a[hreflang]");
    const wanted = [store.get("language"), ...navigator.languages].filter(Boolean);
    for (const tag of wanted) {
      const link = links.find(({ hreflang }) => hreflang === tag || hreflang === tag.split("-")[0]);
      if (link) return location.replace(link.href);
    }
    location.replace(links[0].href);
  };

  const colours = () => {
    const button = document.querySelector(".theme");
    if (!button) return;
    button.hidden = false;
    on(button, "click", () => {
      root.dataset.theme = getComputedStyle(root).colorScheme === "dark" ? "light" : "dark";
      store.set("theme", root.dataset.theme);
    });
  };

  // The same place in another language.
  const languages = () => {
    for (const link of all(".languages a")) {
      on(link, "click", () => {
        store.set("language", link.hreflang);
        link.hash = location.hash;
      });
    }
  };

  // A list of tabs over panels; `chosen` is told which one is shown.
  const tabs = (label, names, chosen) => {
    const list = make("div", { className: "tablist", role: "tablist", ariaLabel: label });
    const select = (name) => {
      for (const tab of list.children) {
        const isIt = tab.textContent === name;
        tab.setAttribute("aria-selected", isIt);
        tab.tabIndex = isIt ? 0 : -1;
      }
    };
    for (const name of names) {
      const tab = make("button", { type: "button", role: "tab", textContent: name });
      on(tab, "click", () => { select(name); chosen(name); });
      list.append(tab);
    }
    on(list, "keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const at = [...list.children].indexOf(document.activeElement);
      const next = list.children[(at + step + names.length) % names.length];
      next.focus();
      next.click();
    });
    return { list, select };
  };

  const groups = [];
  const showLanguage = (name) => groups.forEach((group) => group.language?.(name));
  const group = (box) => {
    const examples = all(":scope > .example", box);
    const titles = examples.map((example) => example.dataset.title);
    const title = box.querySelector(".code-title");
    let after = title;
    const state = {};
    const samples = all(".sample", box);
    const names = [...new Set(samples.map((sample) => sample.dataset.tab))];
    if (names.length > 1) {
      const { list, select } = tabs(box.dataset.label, names, (name) => {
        store.set("sample", name);
        showLanguage(name);
      });
      after.after(list);
      after = list;
      state.language = (name) => {
        const shown = names.includes(name) ? name : names[0];
        select(shown);
        for (const sample of samples) sample.hidden = sample.dataset.tab !== shown;
      };
    }
    if (examples.length > 1 && new Set(titles).size === titles.length) {
      const show = (name) => examples.forEach((one) => { one.hidden = one.dataset.title !== name; });
      const { list, select } = tabs(box.dataset.label, titles, show);
      after.after(list);
      select(titles[0]);
      show(titles[0]);
    }
    box.classList.add("tabbed");
    groups.push(state);
  };

  const copies = () => {
    for (const button of all(".copy")) {
      button.hidden = false;
      const words = button.textContent;
      on(button, "click", async () => {
        const text = button.parentElement.querySelector("pre").textContent;
        try {
          await navigator.clipboard.writeText(text);
        } catch {
          // A page from the disk may not write to the clipboard by itself.
          const area = make("textarea", { value: text });
          document.body.append(area);
          area.select();
          document.execCommand("copy");
          area.remove();
        }
        button.textContent = button.dataset.copied;
        setTimeout(() => { button.textContent = words; }, 1500);
      });
    }
  };

  const load = (address) => new Promise((done, failed) => {
    document.head.append(make("script", { src: address, onload: done, onerror: failed }));
  });
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const search = () => {
    const input = document.getElementById("find");
    if (!input) return;
    input.parentElement.hidden = false;
    const found = document.getElementById("found");
    const up = "../".repeat(document.body.dataset.file.split("/").length - 1);
    let index;
    const show = async () => {
      if (!index) {
        await load(`${up}search.js`);
        index = window.searchIndex.map((entry) => [entry, plain(entry[0]), plain(entry.join(" "))]);
      }
      const words = plain(input.value).split(/\s+/).filter(Boolean);
      found.replaceChildren();
      if (!words.length) return;
      const score = ([, title, text]) => words.reduce((sum, word) => {
        if (!text.includes(word)) return -1e9;
        return sum + (title === word ? 9 : title.startsWith(word) ? 6 : title.includes(word) ? 4 : 1);
      }, 0);
      const hits = index.map((entry) => [score(entry), entry[0]]).filter(([points]) => points > 0);
      hits.sort((one, other) => other[0] - one[0]);
      for (const [, [title, beside, address]] of hits.slice(0, 20)) {
        const link = make("a", { href: up + address }, title, make("small", { textContent: beside }));
        on(link, "click", () => found.replaceChildren());
        found.append(make("li", {}, link));
      }
      if (!hits.length) found.append(make("li", {}, make("span", { textContent: input.dataset.nothing })));
    };
    on(input, "input", show);
    on(document, "keydown", (event) => {
      const isTyping = /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName);
      if (event.key === "/" && !isTyping) { event.preventDefault(); input.focus(); }
      if (event.key === "Escape") { found.replaceChildren(); input.value = ""; }
      const links = all("a", found);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || !links.length || !input.parentElement.contains(document.activeElement)) return;
      event.preventDefault();
      const at = links.indexOf(document.activeElement) + step;
      (links[at] ?? (at < 0 ? input : links[0])).focus();
    });
  };

  // What is linked to is open.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const details = target?.closest("details");
    if (details && !details.open) { details.open = true; target.scrollIntoView(); }
  };

  const trials = () => {
    for (const button of all(".try")) {
      button.hidden = false;
      on(button, "click", async () => {
        if (!window.tryIt) await load(`${root.dataset.root}try.js`);
        window.tryIt(button, make);
      });
    }
  };

  on(document, "DOMContentLoaded", () => {
    if ("choose" in document.body.dataset) return choose();
    colours();
    languages();
    all("[data-tabs]").forEach(group);
    showLanguage(store.get("sample"));
    copies();
    search();
    trials();
    reveal();
    on(window, "hashchange", reveal);
    // Where the reader is among many is seen.
    const side = document.querySelector(".side");
    const here = side.querySelector("a[aria-current]");
    if (here) side.scrollTop = here.offsetTop - side.clientHeight / 2;
    if (matchMedia("(max-width: 52rem)").matches) side.firstChild.open = false;
  });
})();
