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

// goesBy is by what a replica goes, and when it said so.
type goesBy struct {
	Catalogue string
	Build     string            `json:",omitempty"` // of which version it is
	Beside    map[string]string `json:",omitempty"` // what else it was started with: see config.Fingerprints
	Key       string            `json:",omitempty"` // the public key that it signs with; "" while it has none
	At        time.Time
}

// goesBy is by what this process goes at the moment.
func (a *App) goesBy() goesBy {
	is := goesBy{Catalogue: a.inForce.now().Version(), Build: buildVersion(), Beside: a.config.Fingerprints(), At: a.clock.Now()}
	if signs := a.keys.signer(); signs != nil {
		is.Key = signs.Public().ID()
	}
	return is
}

// alike says by what a replica goes, and fails where another one goes by something else: who may have what, and who is
// asked, would depend on which of them hears somebody's click, and what one signs the other wouldn't believe. A store that one process has alone has no others.
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

// unlike names the replicas that go by something else than one of them: by another catalogue first, then by another
// configuration, then by another key.
func unlike(all map[string]goesBy, replica string) error {
	is, who := all[replica], hostOf(replica)
	differ := func(tell func(goesBy) string) string {
		var others []string
		for _, other := range slices.Sorted(maps.Keys(all)) {
			if said := tell(all[other]); said != "" {
				others = append(others, hostOf(other)+said)
			}
		}
		return strings.Join(others, ", ")
	}
	var sentence string
	if others := differ(is.otherCatalogue); others != "" {
		sentence = fmt.Sprintf("Replicas go by different catalogues: %s by %s, but %s. Who may have what, and who is asked, depends on which of them hears a click: give all of them the same config.yaml, and have each take it up (SIGHUP, or a restart)",
			who, is.Catalogue, others)
	} else if others := differ(is.otherBeside); others != "" {
		sentence = fmt.Sprintf("Replicas were started with different configurations: beside %s, %s. What people may do depends on which of them hears a click: give all of them the same config.yaml, and restart those that run with an older one", who, others)
	} else if others := differ(is.otherKey); others != "" {
		sentence = fmt.Sprintf("Replicas sign with different keys: %s with %s, but %s. What one signs the others don't believe: give all of them the file of the key that counts (latchkey evidence verify), and restart those that had another", who, is.Key, others)
	} else {
		return nil
	}
	return &access.Failure{Class: access.Transient, Sentence: sentence}
}

func (is goesBy) otherCatalogue(o goesBy) string {
	if o.Catalogue == is.Catalogue {
		return ""
	}
	return " goes by " + o.Catalogue
}

// otherBeside compares replicas of one version: another one may read the same file otherwise.
func (is goesBy) otherBeside(o goesBy) string {
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(is.Beside)) {
		if o.Build == is.Build && o.Beside[key] != is.Beside[key] {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return " has another " + strings.Join(keys, ", ")
}

// otherKey compares those who sign: an older version doesn't say by what.
func (is goesBy) otherKey(o goesBy) string {
	if o.Key == is.Key || o.Key == "" || is.Key == "" {
		return ""
	}
	return " with " + o.Key
}

// hostOf names a replica for people: its host and its process.
func hostOf(replica string) string {
	host, rest, _ := strings.Cut(replica, "/")
	process, _, _ := strings.Cut(rest, "/")
	return host + " (process " + process + ")"
}
