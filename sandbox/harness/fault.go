package harness

import (
	"fmt"
	"strconv"
	"time"
)

// fault is what the words after "fault" say, for whichever service.
type fault struct {
	times      int // 0: until cleared
	status     int
	code       string
	page       string // title of a web page that answers
	retryAfter time.Duration
	after      bool
	drop       bool
	empty      bool
	frozen     bool
	short      int
	later      bool
	delay      time.Duration
	lasts      time.Duration
}

// readFault reads times=2|all status=500 error=code page=title retry=30s after=yes drop=yes
// delay=1s lasts=10m empty=yes frozen=yes (lists without entries; lists whose every
// page is the first) short=1 later=yes (pages of one entry; only pages after the first).
// Without times it happens once; with lasts until then.
func readFault(words []string) (fault, error) {
	f := fault{times: 1}
	for k, v := range options(words) {
		var err error
		switch k {
		case "times":
			if f.times = 0; v != "all" {
				f.times, err = strconv.Atoi(v)
			}
		case "status":
			f.status, err = strconv.Atoi(v)
		case "error":
			f.code = v
		case "page":
			f.page = v
		case "retry":
			f.retryAfter, err = time.ParseDuration(v)
		case "after":
			f.after = v == "yes"
		case "drop":
			f.drop = v == "yes"
		case "empty":
			f.empty = v == "yes"
		case "frozen":
			f.frozen = v == "yes"
		case "short":
			f.short, err = strconv.Atoi(v)
		case "later":
			f.later = v == "yes"
		case "delay":
			f.delay, err = time.ParseDuration(v)
		case "lasts":
			f.times = 0
			f.lasts, err = time.ParseDuration(v)
		default:
			err = fmt.Errorf("unknown word %q", k)
		}
		if err != nil {
			return f, fmt.Errorf("fault: %w", err)
		}
	}
	return f, nil
}
