package engine

import (
	"latchkey/access"
	"latchkey/store"
)

// stories are what a unit has read of the log, by subject, with what it appended.
type stories map[access.Subject][]access.Event

// Story are all events of a subject, oldest first, with those that this unit has
// appended. What can't be read back of it is left out, and keeps nothing from
// happening. It is shared with later calls: nobody changes it.
func (u *Unit) Story(s access.Subject) ([]access.Event, error) {
	return u.read(&u.stories, s, store.Story)
}

// BareStory is Story without what names or quotes people, for those who only count or
// compare.
func (u *Unit) BareStory(s access.Subject) ([]access.Event, error) {
	if story, known := u.stories[s]; known {
		return story, nil
	}
	return u.read(&u.bare, s, store.BareStory)
}

func (u *Unit) read(known *stories, s access.Subject, from func(store.Tx, store.Filter) ([]access.Event, error)) ([]access.Event, error) {
	if story, read := (*known)[s]; read {
		return story, nil
	}
	story, damage, err := store.Sound(from(u.Tx, store.Filter{Subject: s}))
	if err != nil {
		return nil, err
	}
	if len(damage) > 0 {
		u.units.log.Error("a part of a story can't be read back; going on without it", "subject", s, "error", damage)
	}
	put(known, s, story)
	return story, nil
}

// tell adds an event to its story, if that is known, or begins with it.
func (u *Unit) tell(e access.Event) {
	if story, known := u.stories[e.Subject]; known || e.N == 1 {
		put(&u.stories, e.Subject, append(story, e))
	}
	if story, known := u.bare[e.Subject]; known {
		put(&u.bare, e.Subject, append(story, e))
	}
}

// put puts something into a map that is made only then: a unit needs few of its
// maps as a rule.
func put[M ~map[K]V, K comparable, V any](m *M, k K, v V) {
	if *m == nil {
		*m = M{}
	}
	(*m)[k] = v
}
