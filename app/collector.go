package app

import (
	"os"
	"runtime"
	"runtime/debug"
	samples "runtime/metrics"
)

// A bot holds few megabytes and makes hundreds a second when a crowd clicks, so by default a sixth of its processor time
// would go into collecting. While little lives, three times as much may become garbage before it is collected; while much
// does, as when a large review is read, garbage gets so many bytes, and never less than lives, which is Go's own default.
const (
	collectorPercent = 300
	leastPercent     = 100
	garbageAtMost    = 40 << 20
	percentSteps     = 25 // smaller changes aren't worth it: a change stops everything for a moment
)

// TuneCollector is for a process that serves: it trades some megabytes for speed.
// Whoever sets GOGC decides instead.
func TuneCollector() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(collectorPercent)
	(&collector{percent: collectorPercent}).watch()
}

// collector looks after every collection how much lives.
type collector struct{ percent int }

// watch is called again once what it leaves behind is collected.
func (c *collector) watch() {
	left := new([2]*collector) // not so small that it would be kept together with others
	runtime.AddCleanup(left, func(c *collector) {
		if percent := percentFor(liveBytes()); percent != c.percent {
			c.percent = percent
			debug.SetGCPercent(percent)
		}
		c.watch()
	}, c)
}

// percentFor is how much garbage there may be, in percent of what lives.
func percentFor(live uint64) int {
	percent := 100 * garbageAtMost / max(live, 1)
	return int(min(collectorPercent, max(leastPercent, percent-percent%percentSteps)))
}

// liveBytes are those that the last collection found in use.
func liveBytes() uint64 {
	live := []samples.Sample{{Name: "/gc/heap/live:bytes"}}
	samples.Read(live)
	if live[0].Value.Kind() != samples.KindUint64 {
		return 0
	}
	return live[0].Value.Uint64()
}
