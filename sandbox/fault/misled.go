package fault

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Misled makes searches and reads answer something else than was asked, as with an index that trails or a proxy that
// keeps answers. The zero value misleads nobody; it is safe for concurrent use.
type Misled struct {
	mu    sync.Mutex
	by    map[string]string
	blank int // so many searches find nothing
	stray int // so many searches find everything
}

// Mislead answers whoever asks for one id, address or name with what there is of another. Changes by id are carried out as
// they are asked for. Whoever is taken for itself again is taken for no other.
func (m *Misled) Mislead(asked, answered string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.by == nil {
		m.by = map[string]string{}
	}
	m.by[asked] = answered
	if asked == answered {
		delete(m.by, asked)
	}
}

// Blank makes the next searches find nothing.
func (m *Misled) Blank(times int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blank = times
}

// Stray makes the next searches find everything, whatever they ask for.
func (m *Misled) Stray(times int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stray = times
}

// Forget misleads nobody any more.
func (m *Misled) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.by, m.blank, m.stray = nil, 0, 0
}

// Understood is the key that a read takes the asked one for.
func (m *Misled) Understood(key string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if other, misled := m.by[key]; misled {
		return other
	}
	return key
}

// Search is the expression that a search goes by, where quoted writes a value as the language does. none and all say that
// it goes by none.
func (m *Misled) Search(expression string, quoted func(string) string) (understood string, none, all bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.blank > 0:
		m.blank--
		return expression, true, false
	case m.stray > 0:
		m.stray--
		return expression, false, true
	}
	return m.mistaken(expression, quoted), false, false
}

// Filter is the expression that is gone by where no index is asked.
func (m *Misled) Filter(expression string, quoted func(string) string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mistaken(expression, quoted)
}

func (m *Misled) mistaken(expression string, quoted func(string) string) string {
	var swap []string
	for _, asked := range slices.Backward(slices.Sorted(maps.Keys(m.by))) { // before what begins alike, the longer
		swap = append(swap, quoted(asked), quoted(m.by[asked]))
	}
	return strings.NewReplacer(swap...).Replace(expression)
}
