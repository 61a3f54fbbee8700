package app

import (
	"os"
	"runtime"
	"runtime/debug"
	samples "runtime/metrics"
)

// A bot holds few megabytes and makes hundreds a second when a crowd clicks, so by default a sixth of its processor time
// would go into collecting: three times as much may become garbage as lives. That is so while it all fits into some memory.
// A process in which much lives, as while a large review is read, gets as much as that and three quarters more, which is
// less than Go gives by default; otherwise it would take four times what it needs.
const (
	collectorPercent = 300
	memoryAtLeast    = 96 << 20
	memoryBeside     = 16 << 20 // stacks, and what else doesn't live on the heap
)

// TuneCollector is for a process that serves: it trades some megabytes for speed.
// Whoever sets GOGC or GOMEMLIMIT decides instead.
func TuneCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(collectorPercent)
	debug.SetMemoryLimit(memoryAtLeast)
	watchCollector()
}

// watchCollector moves the limit after every collection: what it leaves behind is found at the next one.
func watchCollector() {
	left := new([2]*int) // not so small that it would be kept together with others
	runtime.AddCleanup(left, func(struct{}) {
		debug.SetMemoryLimit(limitFor(liveBytes()))
		watchCollector()
	}, struct{}{})
}

// limitFor is how much memory there may be before it is collected, by what lives.
func limitFor(live uint64) int64 {
	return int64(max(memoryAtLeast, live+live/4*3+memoryBeside))
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
