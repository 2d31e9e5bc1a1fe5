/** What our editor knows beyond text: variables as chips, and pictures that travel inside the email. */
import { mergeAttributes, Node } from '@tiptap/core';
import { CHIP, isSignature, pathOf, words } from './tokens';

export const chipLabel = (token: string, signature: string) => (isSignature(token) ? signature : words(pathOf(token)));

/** One letter to the editor: picked, moved and deleted as a whole. */
export const Variable = Node.create<{ signatureLabel: string }>({
  name: 'variable', group: 'inline', inline: true, atom: true, selectable: true, draggable: true,
  addOptions: () => ({ signatureLabel: 'signature' }),
  addAttributes: () => ({ token: { default: '', parseHTML: (element) => element.getAttribute(CHIP), renderHTML: ({ token }: Record<string, string>) => ({ [CHIP]: token }) } }),
  parseHTML: () => [{ tag: `span[${CHIP}]` }],
  renderHTML: ({ HTMLAttributes }) => ['span', mergeAttributes(HTMLAttributes)],
  renderText: ({ node }) => String(node.attrs.token),
  addNodeView() {
    return ({ node }) => {
      const dom = document.createElement('span');
      dom.className = 'variable-chip';
      dom.setAttribute(CHIP, String(node.attrs.token));
      dom.textContent = chipLabel(String(node.attrs.token), this.options.signatureLabel);
      dom.title = String(node.attrs.token);
      // Values and gaps are marked on the element from outside; the document does not change by that.
      return { dom, ignoreMutation: () => true };
    };
  },
});

/** A picture: `cid` names the part of the email that holds it, `src` is where the page gets it from. */
export const Picture = Node.create({
  name: 'picture', group: 'inline', inline: true, atom: true, draggable: true,
  addAttributes: () => ({ src: { default: '' }, alt: { default: '' }, width: { default: null } }),
  parseHTML: () => [{ tag: 'img[src]' }],
  renderHTML: ({ HTMLAttributes }) => ['img', mergeAttributes(HTMLAttributes)],
});
