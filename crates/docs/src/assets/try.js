// Sends the request that is shown to a server of the reader's choice. The key is kept nowhere.
window.tryIt = (button, make) => {
  const { request, texts } = button.dataset;
  // The address begins with the server's, which a reader may replace, or must where nobody knows it.
  const { method, url, headers, body, form: parts, server, isKnown } = JSON.parse(request);
  const words = JSON.parse(texts);
  const field = (label, input) => make("label", {}, label, input);
  const path = url.map((part) => part ?? "").join("").slice(server.length);
  const address = make("input", {
    type: "url", required: true, value: isKnown ? server : "", placeholder: server, spellcheck: false,
  });
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
    if (!address.reportValidity()) return;
    const rest = url.map((part) => part ?? encodeURIComponent(key.value)).join("").slice(server.length);
    const target = address.value.replace(/\/+$/, "") + rest;
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
