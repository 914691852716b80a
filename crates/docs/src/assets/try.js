// Sends the request that is shown to a server of the reader's choice. The key is kept nowhere.
window.tryIt = (button, make) => {
  const { request, texts, server } = button.dataset;
  const { method, url, headers, body, form: parts } = JSON.parse(request);
  const words = JSON.parse(texts);
  const field = (label, input) => make("label", {}, label, input);
  // What is longer than the server's address is the path.
  const whole = url.map((part) => part ?? "").join("");
  const path = server && whole.startsWith(server) ? whole.slice(server.length) : whole;
  const address = make("input", { type: "url", value: server ?? "", spellcheck: false });
  const key = make("input", { type: "password", autocomplete: "off", spellcheck: false });
  const text = make("textarea", { rows: 10, value: body ?? "", spellcheck: false });
  // Each part of a form has a field; a body that is a file has one without a name.
  const inputs = parts.map(([, value]) => value === null
    ? make("input", { type: "file" })
    : make("input", { value, spellcheck: false }));
  const send = make("button", { className: "send", type: "button", textContent: words.send });
  const status = make("p", { role: "status" });
  const answer = make("pre", { tabIndex: 0, hidden: true });
  const form = make("div", { className: "trial" }, field(words.address, address));
  const isSecret = (part) => part === null || part === true;
  const needsKey = headers.some(([, value]) => value.some(isSecret)) || url.some(isSecret);
  if (headers.some(([, value]) => value.includes(true))) key.placeholder = "user:password";
  if (needsKey) form.append(field(words.key, key), make("p", { textContent: words.keyStays }));
  if (body !== null) form.append(field(`${method} ${path}`, text));
  for (const [at, [name]] of parts.entries()) form.append(field(name ?? `${method} ${path}`, inputs[at]));
  form.append(send, status, answer);
  button.replaceWith(form);
  address.focus();

  send.addEventListener("click", async () => {
    const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    const secret = (part) => part === true ? base64(key.value) : part ?? key.value;
    const filled = (parts) => parts.map(secret).join("");
    const target = server && whole.startsWith(server)
      ? address.value.replace(/\/$/, "") + filled(url).slice(server.length)
      : filled(url);
    const content = () => {
      if (!parts.length) return body === null ? undefined : text.value;
      if (parts[0][0] === null) return inputs[0].files[0];
      const data = new FormData();
      for (const [at, [name, value, type]] of parts.entries()) {
        const { files, value: written } = inputs[at];
        if (value === null) {
          if (files[0]) data.append(name, files[0]);
        } else {
          data.append(name, type ? new Blob([written], { type }) : written);
        }
      }
      return data;
    };
    status.textContent = "…";
    answer.hidden = true;
    try {
      const response = await fetch(target, {
        method,
        headers: headers.map(([name, value]) => [name, filled(value)]),
        body: content(),
        credentials: "omit",
      });
      const received = await response.text();
      status.textContent = `${response.status} ${response.statusText}`;
      try {
        answer.textContent = JSON.stringify(JSON.parse(received), null, 2);
      } catch {
        answer.textContent = received;
      }
      answer.hidden = !received;
    } catch {
      status.textContent = words.noAnswer;
    }
  });
};
