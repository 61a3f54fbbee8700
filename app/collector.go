package app

import (
	"os"
	"runtime/debug"
)

// collectorPercent lets three times as much become garbage as lives before it is
// collected. A bot holds few megabytes and makes hundreds a second when a crowd
// clicks, so by default a sixth of its processor time would go into collecting.
const collectorPercent = 300

// TuneCollector is for a process that serves: it trades some megabytes for speed.
// Whoever sets GOGC decides instead.
func TuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectorPercent)
	}
}
