package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	// alikeAgain is how often a replica says by which catalogue it goes, and compares that with the others'.
	alikeAgain = 2 * time.Minute
	// alikeGone is after what silence a replica isn't compared with any more. It is shorter than IT waits to be told, so that a
	// replica in whose place one with another file has come alarms nobody.
	alikeGone = alarmAfter / 2
	// alikeMark is where that is kept.
	alikeMark = "replicas.catalogue"
)

// goesBy is by which catalogue a replica goes, and when it said so.
type goesBy struct {
	Catalogue string
	At        time.Time
}

// alike says by which catalogue a replica goes, and fails where another one goes by another: who may have what, and who is
// asked, would depend on which of them hears somebody's click. A store that one process has alone has no others.
func alike(ctx context.Context, s store.Store, replica string, is goesBy) error {
	if s.Exclusive() {
		return nil
	}
	var all map[string]goesBy
	err := s.Update(ctx, func(tx store.Tx) error {
		m, err := store.LoadMark(tx, alikeMark)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if all = map[string]goesBy{}; json.Unmarshal([]byte(m.After), &all) != nil {
			all = map[string]goesBy{} // it is written anew by each of them
		}
		maps.DeleteFunc(all, func(_ string, g goesBy) bool { return is.At.Sub(g.At) > alikeGone })
		all[replica] = is
		text, err := json.Marshal(all)
		if err != nil {
			return err
		}
		m.ID, m.At, m.After = alikeMark, is.At, string(text)
		return store.PutMark(tx, &m)
	})
	if err != nil {
		return err
	}
	return unlike(all, replica)
}

// unlike names the replicas that go by another catalogue than one of them.
func unlike(all map[string]goesBy, replica string) error {
	var others []string
	for _, other := range slices.Sorted(maps.Keys(all)) {
		if all[other].Catalogue != all[replica].Catalogue {
			others = append(others, fmt.Sprintf("%s goes by %s", hostOf(other), all[other].Catalogue))
		}
	}
	if len(others) == 0 {
		return nil
	}
	return &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf("Replicas go by different catalogues: %s by %s, but %s. Who may have what, and who is asked, depends on which of them hears a click: give all of them the same config.yaml, and have each take it up (SIGHUP, or a restart)",
		hostOf(replica), all[replica].Catalogue, strings.Join(others, ", "))}
}

// hostOf names a replica for people: its host and its process.
func hostOf(replica string) string {
	host, rest, _ := strings.Cut(replica, "/")
	process, _, _ := strings.Cut(rest, "/")
	return host + " (process " + process + ")"
}
