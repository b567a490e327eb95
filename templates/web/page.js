// What the pages do by themselves: nothing that a form could not do, but for words kept on this device.
"use strict";
(() => {
  const body = document.body, told = document.getElementById("told");
  const QUEUE = "briefgen:send:", KEPT = "briefgen:form:";
  const tell = (text, link) => {
    told.textContent = text;
    if (link) { const a = document.createElement("a"); a.href = a.textContent = link; told.append(" ", a); }
  };
  const store = {
    get: (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { /* nothing is kept here */ } },
  };
  const entries = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const packed = (pairs) => new URLSearchParams(pairs);
  const post = (place, pairs) => fetch(place, { method: "POST", body: packed(pairs), signal: AbortSignal.timeout(20000) });
  // One request after the other, so that none overtakes what was sent before it.
  let last = Promise.resolve();
  const inTurn = (work) => (last = last.catch(() => {}).then(work));

  // The one-use token goes on by itself.
  document.querySelector("form[data-go]")?.requestSubmit();

  // What waited for a connection is sent.
  let flushing = false;
  const flush = async () => {
    if (flushing) return;
    flushing = true;
    try { await sendKept(Object.keys(localStorage).filter((key) => key.startsWith(QUEUE))); } catch { /* no store, or no connection */ }
    flushing = false;
  };
  const sendKept = async (keys) => {
    for (const key of keys) {
      const waits = store.get(key), place = key.slice(QUEUE.length);
      if (!waits) { store.drop(key); continue; }
      const answer = await inTurn(() => post(place, waits)), now = store.get(key);
      if (JSON.stringify(now) !== JSON.stringify(waits)) continue;  // sent elsewhere, or newer by now
      if (answer.redirected && answer.ok) {
        store.drop(key); store.drop(KEPT + place);
        if (location.pathname === place) location.assign(answer.url); else tell(body.dataset.sent);
      } else if (location.pathname !== place) { tell(body.dataset.stuck, place); }
    }
  };

  for (const form of document.querySelectorAll("form[data-keep]")) {
    const place = form.dataset.keep, key = KEPT + place, status = form.querySelector(".kept");
    let dirty = false, timer = 0, sending = false;
    const fill = (pairs) => {
      const fixed = /^(base|draft|mark)/, wanted = new Map();
      for (const [name, value] of pairs) wanted.set(name, [...(wanted.get(name) || []), value]);
      for (const field of form.elements) {
        if (!field.name || fixed.test(field.name)) continue;
        const values = wanted.get(field.name) || [];
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else if (values.length) field.value = values[0];
        const answered = /^(checkbox|radio)$/.test(field.type) ? field.checked && !field.defaultChecked : values.some(Boolean);
        if (answered) field.closest("details")?.setAttribute("open", "");
      }
    };
    const kept = store.get(QUEUE + place) || store.get(key);
    const shown = document.querySelector(".notice.bad");
    if (kept && !shown) { fill(kept); dirty = true; if (store.get(QUEUE + place)) tell(body.dataset.waits); }

    const keep = async () => {
      const pairs = entries(form), local = store.set(key, pairs);
      if (!form.dataset.draft) return;
      try {
        await inTurn(async () => {
          const answer = await post(form.dataset.draft, entries(form));
          if (answer.redirected || !answer.ok) throw new Error("not kept");
          form.elements.draft.value = (await answer.json()).draft;
        });
        status.textContent = status.dataset.kept;
      } catch { status.textContent = local ? status.dataset.local : ""; }
    };
    form.addEventListener("input", () => {
      dirty = true; form.dataset.dirty = "";
      store.set(key, entries(form));
      clearTimeout(timer); timer = setTimeout(() => { if (!sending) keep(); }, 900);
    });
    form.addEventListener("submit", async (event) => {
      if (!form.dataset.draft) { store.drop(key); return; }
      event.preventDefault();
      if (sending) return;
      sending = true; clearTimeout(timer);
      const pairs = entries(form);
      store.set(key, pairs); store.set(QUEUE + place, pairs);
      try {
        // The draft's name may have come since: what is sent says which one it goes on from.
        const answer = await inTurn(() => {
          const now = entries(form);
          store.set(QUEUE + place, now);
          return post(place, now);
        });
        if (answer.redirected && answer.ok) {
          store.drop(key); store.drop(QUEUE + place); delete form.dataset.dirty;
          location.assign(answer.url); return;
        }
        store.drop(QUEUE + place); delete form.dataset.dirty; form.submit();
      } catch { tell(body.dataset.waits); told.scrollIntoView({ block: "center" }); sending = false; }
    });
    if (dirty && form.dataset.draft && !store.get(QUEUE + place)) keep();
  }

  // A day that is picked and a chip for a day are one answer.
  for (const group of document.querySelectorAll(".due")) {
    const date = group.querySelector("input[type=date]"), chips = [...group.querySelectorAll("input[type=radio]")];
    let held = chips.find((chip) => chip.checked);
    date.addEventListener("input", () => { if (date.value) { chips.forEach((chip) => { chip.checked = false; }); held = null; } });
    chips.forEach((chip) => chip.addEventListener("click", () => {
      if (held === chip) { chip.checked = false; held = null; chip.dispatchEvent(new Event("input", { bubbles: true })); } else { held = chip; date.value = ""; }
    }));
  }

  // People are found while their name is typed.
  const search = document.querySelector(".find input");
  let asked = 0;
  search?.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(async () => {
      const wanted = search.value;
      try {
        const answer = await fetch("/people?q=" + encodeURIComponent(wanted));
        if (!answer.ok || answer.redirected || search.value !== wanted) return;
        const results = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".found");
        if (results) document.querySelector(".found").replaceWith(results);
      } catch { /* the button still finds them */ }
    }, 200);
  });

  // The line of a problem is found in the text.
  document.addEventListener("click", (event) => {
    const line = event.target.closest?.("[data-line]")?.dataset.line, area = document.getElementById("content");
    if (!line || !area) return;
    event.preventDefault();
    const at = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus(); area.setSelectionRange(at, area.value.indexOf("\n", at) < 0 ? area.value.length : area.value.indexOf("\n", at));
    area.scrollTop = (line - 4) * parseFloat(getComputedStyle(area).lineHeight);
  });

  // A page whose files have changed loads itself again, unless something was typed into it, or a link was just tapped.
  let left = 0;
  addEventListener("beforeunload", () => { left = Date.now(); });
  const look = async () => {
    if (document.hidden || !body.dataset.changes) return;
    try {
      const answer = await fetch("/state", { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { changes } = await answer.json();
      if (String(changes) === body.dataset.changes || Date.now() - left < 30000) return;
      if (document.querySelector("form[data-dirty]")) { if (!body.classList.contains("five")) tell(body.dataset.changed); body.dataset.changes = changes; }
      else if (!document.querySelector("form[data-keep], progress, details[open], input:focus")) location.reload();
    } catch { /* no connection; the next look may have one */ }
  };
  if (body.dataset.changes) { setInterval(look, 2500); document.addEventListener("visibilitychange", look); }
  flush(); addEventListener("online", flush); setInterval(flush, 8000);
  if ("serviceWorker" in navigator && body.dataset.changes) navigator.serviceWorker.register("/sw.js").catch(() => {});
})();
