// The block editor: what the gate says of the text as it stands, with repairs; while it blocks, publishing is locked.
(({ apiFetch, blocks: { parse }, components, data, editPost, editor, element, plugins }) => {
  const { createElement: h, Fragment, useEffect, useState } = element;
  const { PluginDocumentSettingPanel, PluginPrePublishPanel } = { ...editPost, ...editor }; // moved in WordPress 6.6
  const PAUSE = 1000; // milliseconds without typing, after which the text is checked
  const NAME = "mtqa";

  const current = () => {
    const { getCurrentPostId, getEditedPostAttribute, getEditedPostContent } = data.select("core/editor");
    const texts = {
      title: getEditedPostAttribute("title") ?? "",
      content: getEditedPostContent(),
      excerpt: getEditedPostAttribute("excerpt") ?? "",
    };
    return { id: getCurrentPostId(), texts };
  };

  const ask = (what, more = {}) => {
    const { id, texts } = current();
    return apiFetch({ path: `/mtqa/v1/posts/${id}/${what}`, method: "POST", data: { ...texts, ...more } });
  };

  const put = ({ content, ...attributes }) => {
    if (Object.keys(attributes).length) data.dispatch("core/editor").editPost(attributes);
    if (content !== undefined) data.dispatch("core/editor").resetEditorBlocks(parse(content));
  };

  const show = ({ gate, locked, reasons }) => {
    const { lockPostSaving, unlockPostSaving } = data.dispatch("core/editor");
    const { createErrorNotice, createWarningNotice, removeNotice } = data.dispatch("core/notices");
    (locked ? lockPostSaving : unlockPostSaving)(NAME);
    const text = reasons.join(" ");
    const seeThem = () => data.dispatch("core/edit-post").openGeneralSidebar("edit-post/document");
    const actions = [{ label: "Show the findings", onClick: seeThem }];
    const options = { id: NAME, isDismissible: false, speak: false, actions };
    if (locked) createErrorNotice(`This page cannot be published. ${text}`, options);
    else if (gate === "pass") removeNotice(NAME);
    else createWarningNotice(text, options);
  };

  function Gate() {
    const [report, setReport] = useState(null);
    const [failure, setFailure] = useState("");
    const [round, setRound] = useState(0); // counts decisions of the user, after which to check again
    // The blocks themselves, not the content: to write that out at every key pressed would be slow.
    const watched = data.useSelect((select) => {
      const { getEditedPostAttribute } = select("core/editor");
      const attributes = ["title", "excerpt", "status"].map(getEditedPostAttribute);
      return [...attributes, select("core/block-editor").getBlocks()];
    }, []);

    useEffect(() => {
      let wanted = true;
      const timer = setTimeout(async () => {
        try {
          const found = await ask("check");
          if (!wanted) return;
          show(found);
          setReport(found);
          setFailure("");
        } catch (error) {
          if (wanted) setFailure(error.message); // the server still stands in the way
        }
      }, PAUSE);
      return () => {
        wanted = false;
        clearTimeout(timer);
      };
    }, [...watched, round]);

    const act = async (step) => {
      try {
        await step();
        setRound((before) => before + 1);
      } catch (error) {
        setFailure(error.message);
      }
    };
    const fix = (apply) =>
      act(async () => {
        const before = JSON.stringify(current());
        const { texts } = await ask("fix", { apply });
        if (JSON.stringify(current()) !== before) throw new Error("The text has changed: nothing was repaired.");
        put(texts);
      });
    const ignore = (fingerprint, ignored) => act(() => ask("ignored", { fingerprint, ignored }));
    const button = (label, onClick) => h(components.Button, { variant: "link", onClick }, label);

    const item = ({ fingerprint, field, text, message }, ...buttons) =>
      h("li", { key: `${field} ${fingerprint}` }, h("strong", {}, text || "…"), ` ${message} `, ...buttons);
    const finding = (each) => {
      const { fingerprint, safety, suggestions } = each;
      const better = safety !== "show" && suggestions.length > 0;
      return item(
        each,
        better && button(`Replace with “${suggestions[0]}”`, () => fix([fingerprint])),
        " ",
        button("Ignore", () => ignore(fingerprint, true)),
      );
    };
    const dismissed = (each) => item(each, button("Report again", () => ignore(each.fingerprint, false)));

    const { findings = [], ignored = [] } = report ?? {};
    const content = [
      failure && h("p", { key: "failure", role: "alert" }, failure),
      findings.some(({ safety }) => safety === "safe") &&
        h("p", { key: "safe" }, button("Apply the safe repairs", () => fix("safe"))),
      h("ul", { key: "findings" }, findings.map(finding)),
      ignored.length > 0 && h("p", { key: "heading" }, "Ignored:"),
      h("ul", { key: "ignored" }, ignored.map(dismissed)),
    ];
    // Beside the text, and again where WordPress asks whether it shall be published.
    const title = `Machine translation: ${findings.length}`;
    return h(
      Fragment,
      {},
      h(PluginDocumentSettingPanel, { name: NAME, title }, content),
      findings.length > 0 && h(PluginPrePublishPanel, { title, initialOpen: true }, content),
    );
  }

  plugins.registerPlugin(NAME, { render: Gate });
})(window.wp);
