package world

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// minter makes identifiers of Slack's shapes. Object ids are the same in every
// run; secrets are random.
type minter struct {
	n      int64
	lastTS int64 // microseconds
}

// id returns e.g. "U0A7R3C1K" for prefix "U".
func (m *minter) id(prefix string) string {
	m.n++
	const base = 36 * 36 * 36 * 36 * 36 * 36 * 10
	return prefix + "0" + strings.ToUpper(strconv.FormatInt(base+m.n*7919, 36))
}

// ts returns a message timestamp, unique and rising even if the clock is not.
func (m *minter) ts(now time.Time) string {
	m.lastTS = max(now.UnixMicro(), m.lastTS+1)
	return fmt.Sprintf("%d.%06d", m.lastTS/1e6, m.lastTS%1e6)
}
