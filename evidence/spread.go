package evidence

import (
	"encoding/json"
	"math"
	"slices"
	"time"
)

// Spread says how long something took: usually, mostly and at worst.
type Spread struct {
	Count  int
	Median time.Duration
	P90    time.Duration // nine of ten took no longer
	Worst  time.Duration
}

// MarshalJSON writes the durations in seconds.
func (s Spread) MarshalJSON() ([]byte, error) {
	return json.Marshal(spreadJSON{s.Count, s.Median.Seconds(), s.P90.Seconds(), s.Worst.Seconds()})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Spread) UnmarshalJSON(raw []byte) error {
	var v spreadJSON
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	*s = Spread{v.Count, seconds(v.Median), seconds(v.P90), seconds(v.Worst)}
	return nil
}

type spreadJSON struct {
	Count  int     `json:"count"`
	Median float64 `json:"median_seconds"`
	P90    float64 `json:"p90_seconds"`
	Worst  float64 `json:"worst_seconds"`
}

func seconds(s float64) time.Duration {
	return time.Duration(math.Round(s * float64(time.Second)))
}

// sample collects durations.
type sample []time.Duration

func (s *sample) add(d time.Duration) { *s = append(*s, d) }

func (s sample) spread() Spread {
	if len(s) == 0 {
		return Spread{}
	}
	slices.Sort(s)
	return Spread{Count: len(s), Median: s.at(0.5), P90: s.at(0.9), Worst: s[len(s)-1]}
}

// at is the least value that the given part of all does not exceed.
func (s sample) at(part float64) time.Duration {
	return s[max(0, int(math.Ceil(part*float64(len(s))))-1)]
}
