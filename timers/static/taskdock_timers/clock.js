// Clocks that go on from the seconds that the page came with, whatever the reader's clock says.

const started = new WeakMap();

function shown(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function tick() {
    const now = performance.now();
    for (const clock of document.querySelectorAll("[data-runs-since]")) {
        const since = clock.dataset.runsSince;
        if (started.get(clock)?.since !== since) {
            started.set(clock, { since, at: now });
        }
        const passed = Math.floor((now - started.get(clock).at) / 1000);
        const text = shown(Number(since) + passed);
        if (clock.textContent !== text) {
            clock.textContent = text;
        }
    }
}

tick();
window.setInterval(tick, 250);
