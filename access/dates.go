package access

import (
	"strings"
	"time"
)

// A moment as a sentence has it: its time, these words, its day.
const (
	momentTime = "15:04"
	momentMid  = " UTC on "
	momentDay  = "2 January 2006"
)

// FullMoment is a moment as a sentence has it that is told to nobody in particular, or to several
// people at once. Whoever tells it to somebody says it by their clock (EachMoment).
func FullMoment(t time.Time) string { return t.UTC().Format(momentTime + momentMid + momentDay) }

// EachMoment is a text in which each moment, as FullMoment writes it, is said in another way.
func EachMoment(text string, say func(time.Time) string) string {
	var out strings.Builder
	for {
		i := strings.Index(text, momentMid)
		if i < 0 {
			return out.String() + text
		}
		from, to := i-len(momentTime), i+len(momentMid)
		day := dayAt(text[to:])
		t, err := time.Time{}, error(nil)
		if from >= 0 {
			t, err = time.Parse(momentTime+momentMid+momentDay, text[from:to]+day)
		}
		if from < 0 || err != nil {
			out.WriteString(text[:to])
			text = text[to:]
			continue
		}
		out.WriteString(text[:from] + say(t))
		text = text[to+len(day):]
	}
}

// dayAt is the day at the beginning of a text, as far as it looks like one.
func dayAt(text string) string {
	words := strings.SplitN(text, " ", 3)
	if len(words) < 3 {
		return ""
	}
	year := words[2][:min(len("2006"), len(words[2]))]
	return strings.Join([]string{words[0], words[1], year}, " ")
}
