package browser

import (
	"context"
	_ "embed"
	"slices"
)

//go:embed faults.js
var findFaults string

// Faults is what keeps people from using a page who can't see it well, or at all, or use a keyboard alone: as the browser
// draws it, and as it tells it to programs that read pages aloud. What is on the page twice is told once.
func (b *Browser) Faults(ctx context.Context, page string, on Screen) (faults []string, err error) {
	if err = b.show(ctx, page, on); err != nil {
		return nil, err
	}
	if err = b.evaluate(ctx, findFaults, &faults); err != nil {
		return nil, err
	}
	unnamed, err := b.unnamed(ctx)
	return append(faults, unnamed...), err
}

// named are the roles of what is read aloud by its name.
func named() []string {
	return []string{"link", "button", "image", "heading", "textbox", "checkbox", "radio", "combobox", "table", "DisclosureTriangle"}
}

// unnamed are those of the page's parts that have none.
func (b *Browser) unnamed(ctx context.Context) (faults []string, err error) {
	type said struct{ Value any }
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name said
		}
	}
	if err := b.call(ctx, "Accessibility.getFullAXTree", fields{}, &tree); err != nil {
		return nil, err
	}
	for _, n := range tree.Nodes {
		role, _ := n.Role.Value.(string)
		name, _ := n.Name.Value.(string)
		if fault := "something is read aloud without a name: " + role; !n.Ignored && name == "" && slices.Contains(named(), role) && !slices.Contains(faults, fault) {
			faults = append(faults, fault)
		}
	}
	return faults, nil
}

// Hidden is by how many pixels the widest part of a page is wider than its place, so that readers have to scroll sideways.
func (b *Browser) Hidden(ctx context.Context, page string, on Screen) (pixels int, err error) {
	if err = b.show(ctx, page, on); err == nil {
		err = b.evaluate(ctx, "Math.max(0, ...[...document.querySelectorAll('*')].filter(e => e.clientWidth > 1 && getComputedStyle(e).overflowX !== 'visible').map(e => e.scrollWidth - e.clientWidth), document.documentElement.scrollWidth - document.documentElement.clientWidth)", &pixels)
	}
	return pixels, err
}
