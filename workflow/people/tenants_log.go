package people

import (
	"context"
	"time"

	"latchkey/idp"
)

// guardedLog is the log of an organisation, as long as it is ours.
type guardedLog struct {
	*guarded
	inner idp.AccountLog
}

// LogDelay implements idp.AccountLog.
func (g guardedLog) LogDelay() time.Duration { return g.inner.LogDelay() }

// ReadLog implements idp.AccountLog.
func (g guardedLog) ReadLog(ctx context.Context, from idp.LogPosition) (idp.LogPage, error) {
	return read(ctx, g.guarded, func() (idp.LogPage, error) { return g.inner.ReadLog(ctx, from) })
}
