// Keys for the inbox and the finding. Everything here can be done without it.
(function () {
  "use strict";
  var items = Array.prototype.slice.call(document.querySelectorAll("#list .item"));
  var now = -1;

  function go(to) {
    if (!items.length) { return; }
    now = Math.max(0, Math.min(items.length - 1, to));
    items.forEach(function (item, at) { item.classList.toggle("now", at === now); });
    items[now].focus();
    items[now].scrollIntoView({ block: "nearest" });
  }

  function decide(decision) {
    var form = document.getElementById("decide");
    if (form) {
      var button = form.querySelector('button[value="' + decision + '"]');
      if (button) { button.click(); }
      return;
    }
    var one = document.getElementById("one");
    if (!one || now < 0) { return; }
    one.action = "/findings/" + items[now].dataset.number + "/review";
    one.elements.decision.value = decision;
    one.submit();
  }

  items.forEach(function (item, at) {
    item.addEventListener("focusin", function () {
      now = at;
      items.forEach(function (other, place) { other.classList.toggle("now", place === at); });
    });
  });

  document.addEventListener("keydown", function (event) {
    var where = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(where.tagName) && where.type !== "checkbox") { return; }
    var keys = document.getElementById("keys");
    if (document.querySelector("dialog[open]")) { return; } // what lies behind it is not meant
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
  var laid = document.getElementById("laid");
  if (laid) {
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
      radio.type = "radio"; radio.name = "mode"; radio.value = mode; radio.checked = mode === "side";
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
