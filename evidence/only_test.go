package evidence

import (
	"testing"
	"time"

	"latchkey/access"
)

func TestOnlyWhatIsWantedIsExported(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 9, 0, 0, 0, time.UTC) }
	november := Only{From: time.Date(2026, 11, 10, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}
	for name, c := range map[string]struct {
		only Only
		got  func(Only) bool
		want bool
	}{
		"nothing is left out": {Only{}, func(o Only) bool {
			return o.request(access.Request{}) && o.grant(access.Grant{}) && o.event(access.Event{})
		}, true},
		"a request of the first day":    {november, func(o Only) bool { return o.request(access.Request{Created: november.From}) }, true},
		"a request of the day after":    {november, func(o Only) bool { return o.request(access.Request{Created: november.To}) }, false},
		"a request of before":           {november, func(o Only) bool { return o.request(access.Request{Created: day(9)}) }, false},
		"access that went on":           {november, func(o Only) bool { return o.grant(access.Grant{Started: day(1)}) }, true},
		"access that ended in it":       {november, func(o Only) bool { return o.grant(access.Grant{Started: day(1), Finished: day(10)}) }, true},
		"access that ended before":      {november, func(o Only) bool { return o.grant(access.Grant{Started: day(1), Finished: day(9)}) }, false},
		"access that began after":       {november, func(o Only) bool { return o.grant(access.Grant{Started: day(21)}) }, false},
		"access that waits":             {november, func(o Only) bool { return o.grant(access.Grant{Created: day(12)}) }, true},
		"an event of it":                {november, func(o Only) bool { return o.event(access.Event{At: day(12)}) }, true},
		"open to the past":              {Only{To: november.To}, func(o Only) bool { return o.event(access.Event{At: day(1)}) }, true},
		"another app":                   {Only{App: "figma"}, func(o Only) bool { return o.request(access.Request{App: "miro"}) }, false},
		"the app":                       {Only{App: "figma"}, func(o Only) bool { return o.grant(access.Grant{App: "figma"}) }, true},
		"who asked":                     {Only{Person: "P1"}, func(o Only) bool { return o.request(access.Request{Requester: "P1", Beneficiary: "P2"}) }, true},
		"whom it is for":                {Only{Person: "P2"}, func(o Only) bool { return o.request(access.Request{Requester: "P1", Beneficiary: "P2"}) }, true},
		"somebody else":                 {Only{Person: "P3"}, func(o Only) bool { return o.request(access.Request{Requester: "P1", Beneficiary: "P2"}) }, false},
		"what somebody did for another": {Only{Person: "P1"}, func(o Only) bool { return o.event(access.Event{Person: "P2", Actor: access.Actor{Person: "P1"}}) }, true},
	} {
		if got := c.got(c.only); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
