package messenger

import (
	"sync"

	"latchkey/access"
)

// Feed is how the bot hears from the messenger that somebody was told of a
// change, so that their Home tab says the same. It is made before either.
type Feed struct {
	mu   sync.Mutex
	told func(access.Person) // nil while nobody listens
}

// NewFeed makes a feed that nobody listens to yet.
func NewFeed() *Feed { return &Feed{} }

// publish says that somebody was told; nobody in particular stands for IT. It does
// not wait. Without a listener there is no Home tab to bring up to date.
func (f *Feed) publish(p access.Person) {
	f.mu.Lock()
	told := f.told
	f.mu.Unlock()
	if told != nil {
		told(p)
	}
}

// Subscribe names who is told from now on.
func (f *Feed) Subscribe(told func(access.Person)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = told
}
