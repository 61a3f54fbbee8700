package access

import "latchkey/catalog"

// split parts what names people from the rest.
func (r *ReviewDetails) split() (bare *ReviewDetails, definition *catalog.Review, unproven []string) {
	if r == nil {
		return nil, nil, nil
	}
	out := *r
	out.Definition, out.Unproven = nil, nil
	return &out, r.Definition, r.Unproven
}

// whole puts what names people back.
func (r *ReviewDetails) whole(p private) *ReviewDetails {
	if r == nil {
		return nil
	}
	out := *r
	out.Definition, out.Unproven = p.Definition, p.Unproven
	return &out
}
