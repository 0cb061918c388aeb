"use strict";

(() => {
  const page = document.getElementById("reference");
  const form = document.getElementById("key-form");
  const input = document.getElementById("key");
  const state = document.getElementById("key-state");
  const SCHEME = "key"; // as the reference calls it
  const KEPT = "taskdock-key"; // until the tab is closed, and in no other
  const schema = page.dataset.schema;
  const probe = schema.replace(/schema$/, "tasks?limit=1");

  // Swagger UI has a dark side, but shows it only where it is told to.
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const dim = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", dim);
  dim();

  function tell(text, kind) {
    state.textContent = text;
    state.dataset.kind = kind;
  }

  const ui = window.SwaggerUIBundle({
    url: schema,
    domNode: page,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    persistAuthorization: false,
    validatorUrl: null,
    queryConfigEnabled: false,
    onComplete: () => {
      const kept = sessionStorage.getItem(KEPT);
      if (kept) {
        input.value = kept;
        use(kept);
      }
    },
  });

  async function use(key) {
    tell("Asking …", "busy");
    let answer;
    try {
      answer = await fetch(probe, { headers: { Authorization: `Bearer ${key}` } });
    } catch {
      tell("The key was not asked about: the site can't be reached, or it is no key.", "bad");
      return;
    }
    if (answer.ok) {
      ui.preauthorizeApiKey(SCHEME, key);
      sessionStorage.setItem(KEPT, key);
      tell("The key works. “Execute” sends it.", "good");
      return;
    }
    if (sessionStorage.getItem(KEPT)) {
      ui.authActions.logout([SCHEME]);
      sessionStorage.removeItem(KEPT);
    }
    tell(
      answer.status === 401 ? "The key does not work." : `The site answered ${answer.status}.`,
      "bad",
    );
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    use(input.value.trim());
  });
})();
