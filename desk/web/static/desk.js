// Keys for the inbox and the finding. Everything here can be done without it.
(function () {
  "use strict";
  var items, one, now, last, sent = false;
  var KEPT = "twinwatch-decided";

  function go(to) {
    if (!items.length) { return; }
    now = Math.max(0, Math.min(items.length - 1, to));
    items.forEach(function (item, at) { item.classList.toggle("now", at === now); });
    items[now].focus();
    items[now].scrollIntoView({ block: "nearest" });
  }

  // One decision a page: until the next one is there, a second key would decide what nobody has seen, and an
  // undo would be of the decision before. A key that is held down is one decision, too.
  function decide(decision) {
    var form = document.getElementById("decide");
    if (sent) { return; }
    if (form) {
      var button = form.querySelector('button[value="' + decision + '"]');
      if (button) { sent = true; button.click(); }
      return;
    }
    if (!one) { return; }
    if (decision === "undo" && last && last.number) {
      send({ number: last.number, status: last.became, place: last.place }, decision);
    } else if (now >= 0) {
      send({ number: items[now].dataset.number, status: items[now].dataset.status, place: now }, decision);
    }
  }

  function send(what, decision) {
    var kept = { place: what.place, at: window.location.href };
    if (decision !== "undo") {
      kept.number = what.number;
      kept.became = became(what.status, decision);
    }
    keep(kept);
    one.action = "/findings/" + encodeURIComponent(what.number) + "/review";
    one.elements.decision.value = decision;
    one.elements.seen.value = what.status;
    sent = true;
    one.submit();
  }

  // With four eyes a first confirmation waits; a contest hides what was decided.
  function became(status, decision) {
    if (status === "disputed") { return status; }
    var waits = one.dataset.eyes === "four" && status !== "proposed" && status !== "confirmed";
    return decision === "confirmed" && waits ? "proposed" : decision;
  }

  // Of this list alone, in this tab: any other page, a refusal too, forgets it.
  function keep(what) {
    try {
      if (what) { window.sessionStorage.setItem(KEPT, JSON.stringify(what)); } else { window.sessionStorage.removeItem(KEPT); }
    } catch (error) { /* a browser that keeps nothing: then there is nothing to come back to */ }
  }

  function remembered() {
    try {
      var what = JSON.parse(window.sessionStorage.getItem(KEPT));
      return one && what && what.at === window.location.href ? what : null;
    } catch (error) { return null; }
  }

  // What the page shows now: at its start, and each time that a filter has changed the list.
  function gather() {
    items = Array.prototype.slice.call(document.querySelectorAll("#list .item"));
    one = document.getElementById("one");
    now = -1;
    last = remembered();
    items.forEach(function (item, at) {
      item.addEventListener("focusin", function () {
        now = at;
        items.forEach(function (other, place) { other.classList.toggle("now", place === at); });
      });
    });
  }

  window.addEventListener("pageshow", function () { sent = false; }); // also when it comes back by “back”
  gather();
  if (last) { go(last.place); } else { keep(null); }

  // A filter changes the list in place (htmx); without it, the form's button asks for a page of its own. What
  // is no list, such as a refusal or the page to log in, is shown as the page that it is.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.serverResponse.indexOf('id="results"') >= 0) { return; }
    event.detail.shouldSwap = false;
    window.location.assign(event.detail.pathInfo.requestPath);
  });
  document.addEventListener("htmx:afterSettle", gather);
  document.addEventListener("htmx:configRequest", function (event) { // an address is easier to read without
    Array.from(event.detail.formData.entries()).forEach(function (field) {
      if (field[1] === "") { event.detail.formData.delete(field[0]); }
    });
  });

  document.addEventListener("keydown", function (event) {
    var where = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(where.tagName) && where.type !== "checkbox") { return; }
    var keys = document.getElementById("keys");
    if (document.querySelector("dialog[open]")) { return; } // what lies behind it is not meant
    if (event.repeat && /^[cru]$/.test(event.key)) { return; }
    switch (event.key) {
      case "j": go(now + 1); break;
      case "k": go(now - 1); break;
      case "Enter":
        if (now < 0 || where.tagName === "A" || where.tagName === "BUTTON" || where.tagName === "SUMMARY") { return; }
        window.location.assign("/findings/" + items[now].dataset.number);
        break;
      case "x":
        var box = now >= 0 && items[now].querySelector('input[type="checkbox"]');
        if (box) { box.checked = !box.checked; }
        break;
      case "c": decide("confirmed"); break;
      case "r": decide("rejected"); break;
      case "u": decide("undo"); break;
      case "?": if (keys && !keys.open) { keys.showModal(); } break;
      default: return;
    }
    event.preventDefault();
  });

  // Two pictures laid on each other: side by side without this, to be swiped or blinked with it.
  document.querySelectorAll(".laid").forEach(function (laid, place) {
    var layers = laid.querySelector(".layers");
    var above = laid.querySelector('[data-layer="registered"]');
    var modes = document.createElement("fieldset");
    var line = document.createElement("input");
    var timer = 0;
    modes.className = "modes";
    line.type = "range";
    line.min = 0; line.max = 100; line.value = 50; line.hidden = true;
    line.setAttribute("aria-label", laid.dataset.line);
    var cut = function () { above.style.clipPath = "inset(0 0 0 " + line.value + "%)"; };
    line.addEventListener("input", cut);
    var choose = function (mode) {
      window.clearInterval(timer);
      layers.classList.toggle("stacked", mode !== "side");
      above.style.clipPath = "";
      above.style.visibility = "";
      line.hidden = mode !== "swipe";
      if (mode === "swipe") { cut(); }
      // Once a second each: far from the three flashes a second that WCAG 2.3.1 allows.
      if (mode === "blink") { timer = window.setInterval(function () { above.style.visibility = above.style.visibility ? "" : "hidden"; }, 1000); }
    };
    ["side", "swipe", "blink"].forEach(function (mode) {
      var label = document.createElement("label");
      var radio = document.createElement("input");
      radio.type = "radio"; radio.name = "mode-" + place; radio.value = mode; radio.checked = mode === "side";
      radio.addEventListener("change", function () { choose(mode); });
      label.append(radio, document.createTextNode(laid.dataset[mode]));
      modes.append(label);
    });
    modes.append(line);
    layers.before(modes);
    layers.addEventListener("error", function () {
      window.clearInterval(timer);
      var told = document.createElement("p");
      told.className = "missing";
      told.textContent = laid.dataset.none;
      modes.remove();
      layers.replaceWith(told);
    }, true);
  });

  // On paper stands what was scrolled to and what was not. The print view has it all when it opens.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("img").forEach(function (one) { one.loading = "eager"; });
  });
  if (document.querySelector("[data-print]")) {
    window.addEventListener("load", function () { window.print(); });
  }

  // A file can be dropped on the check page; without this it is chosen.
  var drop = document.getElementById("drop");
  if (drop) {
    var input = drop.querySelector('input[type="file"]');
    drop.querySelector("[data-drop]").hidden = false;
    ["dragenter", "dragover"].forEach(function (kind) {
      drop.addEventListener(kind, function (event) { event.preventDefault(); drop.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      drop.addEventListener(kind, function () { drop.classList.remove("over"); });
    });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; }
    });
  }
})();
