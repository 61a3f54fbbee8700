package catalog

// Truth is what a question about somebody comes to. Not to know is not "no": the zero value
// is Unknown.
type Truth int

// The three truths.
const (
	Unknown Truth = iota // it can't be told now: nobody says it, or who knows keeps silent
	No
	Yes
)

// Told is the truth of something that is known.
func Told(yes bool) Truth {
	if yes {
		return Yes
	}
	return No
}

// String is the word for it.
func (t Truth) String() string {
	switch t {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// And holds where both do; one "no" decides, whatever the other is.
func (t Truth) And(o Truth) Truth {
	switch {
	case t == No || o == No:
		return No
	case t == Yes && o == Yes:
		return Yes
	}
	return Unknown
}

// Or holds where one does; one "yes" decides, whatever the other is.
func (t Truth) Or(o Truth) Truth { return t.Not().And(o.Not()).Not() }

// Not turns yes and no around. What isn't known stays so.
func (t Truth) Not() Truth {
	switch t {
	case Yes:
		return No
	case No:
		return Yes
	}
	return Unknown
}

// MarshalText keeps records readable.
func (t Truth) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (t *Truth) UnmarshalText(b []byte) error {
	*t = Unknown
	switch string(b) {
	case "yes":
		*t = Yes
	case "no":
		*t = No
	}
	return nil
}
