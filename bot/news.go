package bot

import (
	"sync"

	"latchkey/access"
)

// News is how the bot hears from the messenger that somebody was told of a
// change, so that their Home tab says the same. It is made before either.
type News struct {
	mu    sync.Mutex
	hears func(access.Person) // nil while nobody listens
}

// NewNews makes news that nobody listens to yet.
func NewNews() *News { return &News{} }

// tell says that somebody was told; nobody in particular stands for IT. It does
// not wait. Without a listener there is no Home tab to bring up to date.
func (n *News) tell(p access.Person) {
	n.mu.Lock()
	hears := n.hears
	n.mu.Unlock()
	if hears != nil {
		hears(p)
	}
}

func (n *News) listen(hears func(access.Person)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hears = hears
}
