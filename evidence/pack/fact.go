package pack

import "encoding/json"

// Knowledge says what stands behind a value. "Nothing there", "couldn't be found out",
// "nobody asked" and "nobody wrote it down" are four things, and a pack never writes one
// of them for another.
type Knowledge string

// What can stand behind a value.
const (
	Known       Knowledge = "known"        // it was read, and is the value
	None        Knowledge = "none"         // it was read to its end, and there is none
	Unknown     Knowledge = "unknown"      // it was asked for, and no answer could be had
	NotAsked    Knowledge = "not_asked"    // it was left out on purpose
	NotRecorded Knowledge = "not_recorded" // nobody wrote it down; what a zero Fact says
)

// Fact is a value, or why there is none. The zero Fact says that nobody wrote it down.
type Fact[T any] struct {
	Is    Knowledge // NotRecorded if empty
	Value T         // only with Known
	Why   string    // a few words: why it is unknown or was not asked for; may be empty
}

// Is is the fact that something has this value.
func Is[T any](value T) Fact[T] { return Fact[T]{Is: Known, Value: value} }

// Lacks is a fact without a value: there is None, it is Unknown, or it was NotAsked.
func Lacks[T any](is Knowledge, why string) Fact[T] { return Fact[T]{Is: is, Why: why} }

// Knowledge is what stands behind the value.
func (f Fact[T]) Knowledge() Knowledge {
	if f.Is == "" {
		return NotRecorded
	}
	return f.Is
}

// Known reports whether there is a value.
func (f Fact[T]) Known() bool { return f.Is == Known }

// writtenFact is how a fact stands in JSON: the value only where there is one.
type writtenFact[T any] struct {
	Is    Knowledge `json:"is"`
	Value *T        `json:"value,omitempty"`
	Why   string    `json:"why,omitempty"`
}

// MarshalJSON writes {"is": …, "value": …, "why": …}.
func (f Fact[T]) MarshalJSON() ([]byte, error) {
	w := writtenFact[T]{Is: f.Knowledge(), Why: f.Why}
	if f.Known() {
		w.Value = &f.Value
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Fact[T]) UnmarshalJSON(text []byte) error {
	var w writtenFact[T]
	if err := json.Unmarshal(text, &w); err != nil {
		return err
	}
	*f = Fact[T]{Is: w.Is, Why: w.Why}
	if w.Value != nil {
		f.Value = *w.Value
	}
	return nil
}
