"use strict";

// Buttons that copy a field. Without this script the field can still be selected by hand.
document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("button[data-copies]")) {
        const field = document.getElementById(button.dataset.copies);
        button.hidden = false;
        button.addEventListener("click", async () => {
            field.select();
            try {
                await navigator.clipboard.writeText(field.value);
            } catch {
                // Not offered beyond HTTPS and localhost.
                document.execCommand("copy");
            }
            button.textContent = button.dataset.copied;
        });
    }
});
