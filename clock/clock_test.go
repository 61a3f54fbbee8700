package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"latchkey/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func delivered(ready <-chan struct{}) bool {
	select {
	case <-ready:
		return true
	default:
		return false
	}
}

func TestSystemDeliversWhatHasPassedAtOnce(t *testing.T) {
	for _, at := range []time.Time{{}, time.Now().Add(-time.Hour), time.Now()} {
		ready, stop := clock.System{}.Until(at)
		if !delivered(ready) {
			t.Errorf("%s has passed, and nothing was delivered", at)
		}
		stop()
	}
}

func TestSystemDeliversOnTime(t *testing.T) {
	for _, wait := range []time.Duration{time.Nanosecond, time.Second, time.Minute, 61 * time.Second, 48 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			began := clock.System{}.Now()
			ready, stop := clock.System{}.Until(began.Add(wait))
			if delivered(ready) {
				t.Error("delivered too early")
			}
			<-ready
			if took := time.Since(began); took != wait {
				t.Errorf("a wait of %s took %s", wait, took)
			}
			stop()
			stop()
		})
	}
}

func TestSystemGivesAWaitUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails if a goroutine of the wait is left over
		ready, stop := clock.System{}.Until(time.Now().Add(time.Hour))
		stop()
		stop()
		synctest.Wait()
		if delivered(ready) {
			t.Error("a wait that was given up was delivered")
		}
	})
}
