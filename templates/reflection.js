"use strict";
(() => {
  const form = document.querySelector("form");
  const save = document.getElementById("save");
  // What is entered is put into the page itself, so that saving the page keeps it.
  const keep = (field) => {
    if (field.type === "radio") {
      for (const one of form.elements) if (one.name === field.name) one.toggleAttribute("checked", one.checked);
    } else if (field.type === "checkbox") field.toggleAttribute("checked", field.checked);
    else if (field.tagName === "TEXTAREA") field.textContent = field.value;
    else field.setAttribute("value", field.value);
  };
  form.addEventListener("input", (event) => keep(event.target));
  // A second click on a chosen answer takes it away again.
  let chosen = null;
  form.addEventListener("pointerdown", (event) => {
    const label = event.target.closest("label");
    const radio = label && label.querySelector("input[type=radio]");
    chosen = radio && radio.checked ? radio : null;
  });
  form.addEventListener("click", (event) => {
    if (chosen && event.target === chosen) { chosen.checked = false; keep(chosen); chosen = null; }
  });
  save.hidden = false;
  save.addEventListener("click", () => {
    const page = "<!DOCTYPE html>\n" + document.documentElement.outerHTML;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([page], { type: "text/html" }));
    link.download = save.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
})();
