package catalog

// In is a catalogue by which so much is reclaimed at once. The one that is given isn't changed, and its version is the same.
func (r Reclaiming) In(c *Catalog) *Catalog {
	out := *c
	out.reclaiming = r
	return &out
}

// ReclaimingIn is how much is reclaimed at once by a catalogue.
func ReclaimingIn(c *Catalog) Reclaiming { return c.reclaiming }
