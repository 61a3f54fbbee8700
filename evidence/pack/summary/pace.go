package summary

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"latchkey/evidence/pack"
)

// quick is how many seconds on a row are so few that nobody can have read it.
const quick = 3

// Pace is how fast somebody answered: rows answered without being looked at show here.
type Pace struct {
	Person    string             `json:"person"` // Latchkey's id
	Name      string             `json:"name"`
	Answers   int                `json:"answers"`         // that were not taken back
	Timed     int                `json:"timed"`           // of them, those of which the time is known
	Median    pack.Fact[float64] `json:"median_seconds"`  // of those
	PerMinute pack.Fact[float64] `json:"rows_per_minute"` // of those: how many in a minute spent on them
	Quick     int                `json:"quick"`           // of those, answered by themselves in less than 3 seconds
	Bulk      int                `json:"bulk"`            // answered at once with others
	BulkShare float64            `json:"bulk_share"`      // of all answers, from 0 to 1
	Revoked   int                `json:"revoked"`         // of the answers: how many revoked
}

// paces gather the paces of all who answered, by their id.
type paces map[string]*watch

// watch is one person's pace while rows are counted. Seconds are kept by how often each
// tenth occurs, so that they need no room of their own for each row.
type watch struct {
	Pace
	total  float64
	tenths map[int]int
}

func (p paces) row(r pack.Row) {
	for _, a := range r.Answers {
		if a.Undone != nil {
			continue
		}
		w := p[a.By.Person]
		if w == nil {
			w = &watch{Pace: Pace{Person: a.By.Person, Name: a.By.Name}, tenths: map[int]int{}}
			p[a.By.Person] = w
		}
		w.take(a)
	}
}

func (w *watch) take(a pack.Answer) {
	w.Answers++
	if a.Bulk {
		w.Bulk++
	}
	if a.Verdict == pack.Revoke {
		w.Revoked++
	}
	if !a.Seconds.Known() {
		return
	}
	w.Timed++
	w.total += a.Seconds.Value
	w.tenths[int(math.Round(a.Seconds.Value*10))]++
	if !a.Bulk && a.Seconds.Value < quick {
		w.Quick++
	}
}

// list is the paces, those who answered most first.
func (p paces) list() []Pace {
	out := []Pace{}
	for _, w := range p {
		out = append(out, w.result())
	}
	slices.SortFunc(out, func(a, b Pace) int { return cmp.Or(b.Answers-a.Answers, cmp.Compare(a.Person, b.Person)) })
	return out
}

func (w *watch) result() Pace {
	w.BulkShare = rounded(float64(w.Bulk)/float64(w.Answers), 1000)
	w.Median = pack.Lacks[float64](pack.NotRecorded, "")
	w.PerMinute = pack.Lacks[float64](pack.NotRecorded, "")
	if w.Timed == 0 {
		return w.Pace
	}
	w.Median = pack.Is(float64(w.median()) / 10)
	if w.total > 0 {
		w.PerMinute = pack.Is(rounded(float64(w.Timed)*60/w.total, 10))
	}
	return w.Pace
}

// median is the lower one of two in the middle, in tenths of a second.
func (w *watch) median() int {
	before := 0
	for _, tenths := range slices.Sorted(maps.Keys(w.tenths)) {
		if before += w.tenths[tenths]; before*2 >= w.Timed {
			return tenths
		}
	}
	return 0
}

func rounded(v float64, steps float64) float64 { return math.Round(v*steps) / steps }

// Untimed is of how many answers the time is not known.
func (p Pace) Untimed() int { return p.Answers - p.Timed }
