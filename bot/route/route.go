// Package route is the table of who handles what comes back from Slack. Each modal,
// the Home tab and the cards' buttons declare their own part of it.
package route

import (
	"context"
	"fmt"
	"maps"

	"latchkey/bot/payload"
)

// Click carries out a button that was pressed or a choice that was made. What wasn't
// committed is an error: the click is not acknowledged then.
type Click func(ctx context.Context, in payload.Interaction, a payload.Action) error

// Submission takes a submitted view. What it returns goes back with the ack.
type Submission func(ctx context.Context, in payload.Interaction) ([]byte, error)

// Signal takes note of something that needs no answer, such as a view that was closed
// or a shortcut that was chosen.
type Signal func(in payload.Interaction)

// Key is an action by its name, and by the callback id of the view it stands in;
// without one, wherever it stands.
type Key struct{ View, Action string }

// Anywhere is an action wherever it stands: on cards, in views, on the Home tab.
func Anywhere(action string) Key { return Key{Action: action} }

// In is an action in one view only. It goes before one from anywhere.
func In(view, action string) Key { return Key{view, action} }

// Table says who handles what. Views and shortcuts go by callback id, menus by action.
type Table struct {
	Clicks      map[Key]Click
	Submissions map[string]Submission
	Closings    map[string]Signal
	Menus       map[string]Submission
	Shortcuts   map[string]Signal
}

// Click finds who handles an action in a view; nil if nobody does.
func (t Table) Click(view, action string) Click {
	if do, ok := t.Clicks[In(view, action)]; ok {
		return do
	}
	return t.Clicks[Anywhere(action)]
}

// Merge makes one table of several. A name that two of them declare is an error,
// because one of the two would never be reached.
func Merge(tables ...Table) (Table, error) {
	all := Table{Clicks: map[Key]Click{}, Submissions: map[string]Submission{}, Closings: map[string]Signal{}, Menus: map[string]Submission{}, Shortcuts: map[string]Signal{}}
	for _, t := range tables {
		for _, err := range []error{add(all.Clicks, t.Clicks), add(all.Submissions, t.Submissions), add(all.Closings, t.Closings), add(all.Menus, t.Menus), add(all.Shortcuts, t.Shortcuts)} {
			if err != nil {
				return Table{}, err
			}
		}
	}
	return all, nil
}

func add[K comparable, V any](all, more map[K]V) error {
	for name := range more {
		if _, taken := all[name]; taken {
			return fmt.Errorf("two handlers are declared for %v: give one of them another name", name)
		}
	}
	maps.Copy(all, more)
	return nil
}
