package app

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"latchkey/catalog"
)

// inForce is the catalogue that everything goes by, as a whole: another one takes its place in one step.
type inForce struct {
	catalog atomic.Pointer[catalog.Catalog]

	mu       sync.Mutex
	state    InForce
	said     *catalog.Catalog   // as the file says it
	carrying []catalog.GroupRef // groups that were seen to make administrators, whatever the file says
}

// InForce is what commands and the health page show of it.
type InForce struct {
	Catalog string    `json:"catalog"`           // its version
	Since   time.Time `json:"since,omitzero"`    // zero: not noted yet
	Refused string    `json:"refused,omitempty"` // why the file as it is now is not in force
	Restart []string  `json:"restart,omitempty"` // what of the file counts only once Latchkey is started again
}

func newInForce(c *catalog.Catalog) *inForce {
	f := &inForce{state: InForce{Catalog: c.Version()}, said: c}
	f.catalog.Store(c)
	return f
}

// now is what may be asked for at this moment.
func (f *inForce) now() *catalog.Catalog { return f.catalog.Load() }

// put has a catalogue take the place of the one before.
func (f *inForce) put(c *catalog.Catalog, since time.Time, restart []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.said = c
	f.catalog.Store(c.Carrying(f.carrying))
	f.state = InForce{Catalog: c.Version(), Since: since, Restart: restart}
}

// carry has groups count as privileged that were seen to make administrators of a directory.
func (f *inForce) carry(seen []catalog.GroupRef) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if slices.Equal(f.carrying, seen) {
		return
	}
	f.carrying = seen
	f.catalog.Store(f.said.Carrying(seen))
}

// refuse notes that what the file says now is not in force.
func (f *inForce) refuse(why string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state.Refused = why
}

func (f *inForce) shown() InForce {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// check is its line on the health page. A file that is refused is no reason to be taken out of service.
func (f *inForce) check() HealthCheck {
	s := f.shown()
	detail := s.Catalog + " is in force"
	if !s.Since.IsZero() {
		detail += " since " + s.Since.UTC().Format("2006-01-02 15:04 MST")
	}
	if s.Refused != "" {
		detail += "; the file as it is now is refused: " + s.Refused
	}
	return HealthCheck{"catalogue", true, detail}
}
