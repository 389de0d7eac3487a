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
})();
