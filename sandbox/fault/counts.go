package fault

import "sync"

// Counts are how many members a vendor says that groups have, where that isn't how many they have. The zero value counts
// rightly; it is safe for concurrent use.
type Counts struct {
	mu sync.Mutex
	by map[string]func(n int) (int, bool)
}

// Miscount has the vendor count so many members too many, or, below zero, too few.
func (c *Counts) Miscount(group string, by int) {
	c.set(group, func(n int) (int, bool) { return n + by, true })
}

// StickCount has the vendor go on counting so many members, whoever comes and goes.
func (c *Counts) StickCount(group string, n int) {
	c.set(group, func(int) (int, bool) { return n, true })
}

// HideCount has the vendor not say how many there are.
func (c *Counts) HideCount(group string) { c.set(group, func(int) (int, bool) { return 0, false }) }

// CountRight has the vendor count rightly again; of all groups if none is named.
func (c *Counts) CountRight(groups ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(groups) == 0 {
		c.by = nil
	}
	for _, g := range groups {
		delete(c.by, g)
	}
}

func (c *Counts) set(group string, said func(int) (int, bool)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[string]func(int) (int, bool){}
	}
	c.by[group] = said
}

// Said is how many members the vendor says a group has; false where it doesn't say.
func (c *Counts) Said(group string, n int) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if said := c.by[group]; said != nil {
		return said(n)
	}
	return n, true
}
