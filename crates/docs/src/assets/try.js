// Sends the request that is shown to a server of the reader's choice. The key is kept nowhere.
window.tryIt = (button, make) => {
  const { request, texts, server } = button.dataset;
  const { method, url, headers, body } = JSON.parse(request);
  const words = JSON.parse(texts);
  const field = (label, input) => make("label", {}, label, input);
  // What is longer than the server's address is the path.
  const whole = url.map((part) => part ?? "").join("");
  const path = server && whole.startsWith(server) ? whole.slice(server.length) : whole;
  const address = make("input", { type: "url", value: server ?? "", spellcheck: false });
  const key = make("input", { type: "password", autocomplete: "off", spellcheck: false });
  const text = make("textarea", { rows: 10, value: body ?? "", spellcheck: false });
  const send = make("button", { className: "send", type: "button", textContent: words.send });
  const status = make("p", { role: "status" });
  const answer = make("pre", { tabIndex: 0, hidden: true });
  const form = make("div", { className: "trial" }, field(words.address, address));
  const needsKey = headers.some(([, value]) => value.includes(null)) || url.includes(null);
  if (needsKey) form.append(field(words.key, key), make("p", { textContent: words.keyStays }));
  if (body !== null) form.append(field(`${method} ${path}`, text));
  form.append(send, status, answer);
  button.replaceWith(form);
  address.focus();

  send.addEventListener("click", async () => {
    const filled = (parts) => parts.map((part) => part ?? key.value).join("");
    const target = server && whole.startsWith(server)
      ? address.value.replace(/\/$/, "") + filled(url).slice(server.length)
      : filled(url);
    status.textContent = "…";
    answer.hidden = true;
    try {
      const response = await fetch(target, {
        method,
        headers: headers.map(([name, value]) => [name, filled(value)]),
        body: body === null ? undefined : text.value,
        credentials: "omit",
      });
      const content = await response.text();
      status.textContent = `${response.status} ${response.statusText}`;
      try {
        answer.textContent = JSON.stringify(JSON.parse(content), null, 2);
      } catch {
        answer.textContent = content;
      }
      answer.hidden = !content;
    } catch {
      status.textContent = words.noAnswer;
    }
  });
};
