// Sends the request that is shown to a server of the reader's choice. The key is kept nowhere.
window.tryIt = (button, make) => {
  const { request, texts } = button.dataset;
  // The address begins with the server's, which a reader may replace, or must where nobody knows it.
  const { method, url, headers, body, form: parts, server, isKnown } = JSON.parse(request);
  const words = JSON.parse(texts);
  const field = (label, input) => make("label", {}, label, input);
  const KEY = "YOUR_API_KEY";
  const input = (value, more) => make("input", { value, spellcheck: false, ...more });
  const address = input(isKnown ? server : "", { type: "url", required: true, placeholder: server });
  const path = input(url.map((part) => part ?? KEY).join("").slice(server.length));
  const key = input("", { type: "password", autocomplete: "off" });
  const text = make("textarea", { rows: 10, value: body ?? "", spellcheck: false });
  const isSecret = (part) => part === null || part === true;
  // Each part of a form has a field; a body that is a file has one without a name.
  const inputs = parts.map(([, value]) => input(value ?? "", value === null ? { type: "file" } : {}));
  const send = make("button", { className: "send", type: "button", textContent: words.send });
  const status = make("p", { role: "status" });
  const answer = make("pre", { tabIndex: 0, hidden: true });
  const form = make("div", { className: "trial" }, field(words.address, address), field(words.path, path));
  // Headers of the operation's own, which a reader may say otherwise.
  const fixed = /^(accept|content-type)$/i;
  const written = headers.map(([name, value]) => {
    const own = input(value.join(""));
    if (!fixed.test(name) && !value.some(isSecret)) form.append(field(name, own));
    return own;
  });
  const needsKey = headers.some(([, value]) => value.some(isSecret)) || url.some(isSecret);
  if (headers.some(([, value]) => value.includes(true))) key.placeholder = "user:password";
  if (needsKey) form.append(field(words.key, key), make("p", { textContent: words.keyStays }));
  if (body !== null) form.append(field(words.body, text));
  for (const [at, [name]] of parts.entries()) form.append(field(name ?? words.body, inputs[at]));
  form.append(send, status, answer);
  button.replaceWith(form);
  address.focus();

  send.addEventListener("click", async () => {
    const bytes = new TextEncoder().encode(key.value);
    const secret = (part) => part === true ? btoa(String.fromCharCode(...bytes)) : part ?? key.value;
    const filled = (parts) => parts.map(secret).join("");
    if (!address.reportValidity()) return;
    const target = address.value.replace(/\/+$/, "") + path.value.replaceAll(KEY, encodeURIComponent(key.value));
    const content = () => {
      if (!parts.length) return body === null ? undefined : text.value;
      if (parts[0][0] === null) return inputs[0].files[0];
      const data = new FormData();
      for (const [at, [name, value, type]] of parts.entries()) {
        const { files, value: text } = inputs[at];
        if (value === null) {
          if (files[0]) data.append(name, files[0]);
        } else {
          data.append(name, type ? new Blob([text], { type }) : text);
        }
      }
      return data;
    };
    status.textContent = "…";
    answer.hidden = true;
    try {
      const response = await fetch(target, {
        method,
        headers: headers.map(([name, value], at) => [
          name, value.some(isSecret) ? filled(value) : written[at].value,
        ]),
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
