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

  const MERGE_PATCH = "application/merge-patch+json";

  // The fields of a body that differ from what was filled in for a start, by their names in JSON.
  function changes(body, content) {
    const start = content.example || {};
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
    if (typeof body === "string") {
      try {
        return Object.entries(JSON.parse(body)).filter(([name, value]) => !same(value, start[name]));
      } catch {
        return [];
      }
    }
    return Object.entries(body?.toJS?.() ?? {})
      .map(([name, field]) => [name, field?.value ?? ""])
      .filter(([name, value]) => !same(value, start[name] ?? "") && !same(value, []))
      .map(([name, value]) => [name.replace(/\[\]$/, ""), value]);
  }

  // What Swagger UI would send otherwise than it shows it.
  const sendsWhatItShows = () => ({
    statePlugins: {
      oas3: {
        wrapActions: {
          // Of another type, a body would keep the state of the form's fields. It begins with its
          // own example, or a merge patch with nothing, and takes along what the user has changed.
          setRequestContentType: (original, system) => (payload) => {
            const [path, method] = payload.pathMethod;
            const spec = system.specSelectors.specJson().toJS();
            const contents = spec.paths[path][method].requestBody?.content ?? {};
            const type = system.oas3Selectors.requestContentType(path, method);
            const before = type ?? Object.keys(contents)[0];
            const body = system.oas3Selectors.requestBodyValue(path, method);
            const result = original(payload);
            if (!contents[before] || !contents[payload.value]) {
              return result;
            }
            const changed = Object.fromEntries(changes(body, contents[before]));
            let value;
            if (before === payload.value && typeof body === "string") {
              value = body;
            } else if (payload.value === MERGE_PATCH) {
              value = JSON.stringify(changed, null, 2);
            } else if (/json/.test(payload.value)) {
              value = JSON.stringify({ ...contents[payload.value].example, ...changed }, null, 2);
            } else if (!/json/.test(before)) {
              // From one form to the other: the fields as they are.
              value = body?.map?.((field) => (field?.has?.("value") ? field.get("value") : field));
            }
            const begin = (it) =>
              system.oas3Actions.setRequestBodyValue({ value: it, pathMethod: payload.pathMethod });
            begin(undefined);
            if (value !== undefined) {
              // Swagger UI itself forgets a body that it takes for unedited, right after this.
              queueMicrotask(() => begin(value));
            }
            return result;
          },
        },
      },
    },
    wrapComponents: {
      // The values that an array shows at first are those of the form, edited or not.
      JsonSchema_array: (Original, { React }) =>
        function ShownArray(props) {
          React.useEffect(() => {
            if (props.value?.length && !props.disabled) {
              props.onChange(props.value);
            }
          }, []);
          return React.createElement(Original, props);
        },
      // Empty values are sent where this is ticked. A form begins with what changes nothing.
      ParameterIncludeEmpty: (Original, { React }) =>
        function NotIncluded(props) {
          const isIncludedOptions = { ...props.isIncludedOptions, defaultValue: false };
          return React.createElement(Original, { ...props, isIncludedOptions });
        },
    },
  });

  const ui = window.SwaggerUIBundle({
    url: schema,
    plugins: [sendsWhatItShows],
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
