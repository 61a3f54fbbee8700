package main

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// sample is the same figure from several rounds.
type sample []float64

func (s sample) median() float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(s))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// text is "median unit [min–max]".
func (s sample) text(format, unit string) string {
	if len(s) == 0 {
		return "–"
	}
	out := fmt.Sprintf(format, s.median()) + unit
	if len(s) > 1 {
		out += fmt.Sprintf(" ["+format+"–"+format+"]", slices.Min(s), slices.Max(s))
	}
	return out
}

// over divides two samples pair by pair.
func (s sample) over(other sample) sample {
	var out sample
	for i := range min(len(s), len(other)) {
		if other[i] != 0 {
			out = append(out, s[i]/other[i])
		}
	}
	return out
}

// quantile of durations, which it sorts.
func quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[min(len(d)-1, int(math.Ceil(q*float64(len(d))))-1+boolInt(q == 0))]
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// atLeast and atMost compare with a target.
func atLeast(got, want float64) string { return word(got >= want) }
func atMost(got, want float64) string  { return word(got <= want) }

func word(ok bool) string {
	if ok {
		return "met"
	}
	return "missed"
}
