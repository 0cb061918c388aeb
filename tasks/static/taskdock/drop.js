// Files that are dropped on a form for files, which is then sent as if they had been chosen.

function show(root) {
    for (const hint of root.querySelectorAll("[data-drop-hint]")) {
        hint.hidden = false;
    }
}

const areaOf = (event) => event.target.closest?.("[data-drops]");
const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

for (const type of ["dragenter", "dragover"]) {
    document.addEventListener(type, (event) => {
        const area = areaOf(event);
        if (area && hasFiles(event)) {
            event.preventDefault();
            event.dataTransfer.dropEffect = "copy";
            area.classList.add("is-over");
        }
    });
}

document.addEventListener("dragleave", (event) => {
    const area = areaOf(event);
    if (area && !area.contains(event.relatedTarget)) {
        area.classList.remove("is-over");
    }
});

document.addEventListener("drop", (event) => {
    const area = areaOf(event);
    if (!area || !hasFiles(event)) {
        return;
    }
    event.preventDefault();
    area.classList.remove("is-over");
    const input = area.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.form.requestSubmit();
});

document.addEventListener("taskdock:panel", (event) => show(event.target));
show(document);
