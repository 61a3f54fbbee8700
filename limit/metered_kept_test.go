package limit_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/limit"
)

// TestRoomIsKeptForWhatIsUrgent lets additions use a window up and then takes
// access away, several times before the window ends.
func TestRoomIsKeptForWhatIsUrgent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(600, 0) // 40 s are left of its first window
		transport := told(v)
		begun := time.Now()
		var all sync.WaitGroup
		for range 1500 {
			all.Go(func() {
				if err := send(transport, with(t.Context(), limit.Ordinary), "add"); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(25 * time.Second)
		v.mu.Lock()
		if v.served < 585 || v.served >= 600 {
			t.Errorf("%d of 600 calls were used up", v.served)
		}
		v.mu.Unlock()
		for range 5 {
			asked := time.Now()
			if err := send(transport, with(t.Context(), limit.Urgent), "remove"); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(asked); waited > time.Second {
				t.Errorf("a removal waited %v behind additions", waited)
			}
		}
		all.Wait()
		if took := time.Since(begun); took > 110*time.Second {
			t.Errorf("1505 calls took %v, so what was kept was lost", took)
		}
		if v.refused > 0 {
			t.Errorf("%d calls were refused", v.refused)
		}
	})
}
