package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"latchkey/store"
)

func linearChecks() []check {
	return []check{{"what many decide, extend and revoke at once, they could have done one after the other", linear}}
}

// course is how a small request stands: enough to tell orders apart.
type course struct {
	Phase    string // "", pending, approved, denied, ended
	By       int    // who decided
	Extended int
}

// deed is what somebody does to a request.
type deed struct {
	What string
	By   int
}

// seen is what they saw of it.
type seen struct {
	Counts bool
	Now    course
}

// step is the whole machine, one deed after the other.
func (c course) step(d deed) (course, bool) {
	switch {
	case d.What == "look":
		return c, true
	case d.What == "ask" && (c.Phase == "" || c.Phase == "denied" || c.Phase == "ended"):
		return course{Phase: "pending"}, true
	case (d.What == "approved" || d.What == "denied") && c.Phase == "pending":
		return course{Phase: d.What, By: d.By}, true
	case d.What == "extend" && c.Phase == "approved":
		c.Extended++
		return c, true
	case d.What == "revoke" && c.Phase == "approved":
		return course{Phase: "ended", By: d.By}, true
	}
	return c, false
}

func linear(t *testing.T, b Backend) {
	const people, deeds = 6, 40
	both := []store.Store{b, b.beside(t)}
	var mu sync.Mutex
	var history []porcupine.Operation
	began := time.Now()
	crowd(people, func(i int) {
		random := rand.New(rand.NewPCG(uint64(i), 7))
		for range deeds {
			request := fmt.Sprintf("R-%d", random.IntN(2))
			d := deed{[]string{"ask", "approved", "denied", "extend", "revoke", "look"}[random.IntN(6)], i}
			call := time.Since(began)
			saw, err := act(both[i%2], request, d)
			if err != nil {
				t.Errorf("%+v: %v", d, err)
				return
			}
			mu.Lock()
			history = append(history, porcupine.Operation{ClientId: i, Input: named{request, d}, Output: saw, Call: int64(call), Return: int64(time.Since(began))})
			mu.Unlock()
		}
	})
	if got := porcupine.CheckOperationsTimeout(sequential(), history, time.Minute); got != porcupine.Ok {
		t.Errorf("%d deeds, and no order of them explains what everybody saw: %s", len(history), got)
	}
}

// act does one deed in the store: a look in a view, anything else in an update.
func act(s store.Store, request string, d deed) (saw seen, err error) {
	in := s.Update
	if d.What == "look" {
		in = s.View
	}
	err = in(context.Background(), func(tx store.Tx) error {
		saw, err = actIn(tx, request, d)
		return err
	})
	return saw, err
}

func actIn(tx store.Tx, request string, d deed) (saw seen, err error) {
	r := store.Record{Kind: "course", ID: request}
	var c course
	rows, err := tx.Find("course", "of:"+request, "", 1)
	if err != nil {
		return saw, err
	}
	if len(rows) > 0 {
		r = rows[0]
		if err := json.Unmarshal(r.Body, &c); err != nil {
			return saw, err
		}
	}
	saw.Now, saw.Counts = c.step(d)
	if !saw.Counts || d.What == "look" {
		return saw, nil
	}
	if r.Body, err = json.Marshal(saw.Now); err != nil {
		return saw, err
	}
	r.Index = []string{"of:" + request}
	_, err = tx.Put(r)
	return saw, err
}

// named is a deed and the request it is done to.
type named struct {
	request string
	deed
}

// sequential is the machine as the checker takes it, each request by itself.
func sequential() porcupine.Model {
	return porcupine.Model{
		Partition: func(all []porcupine.Operation) [][]porcupine.Operation {
			parts := map[string][]porcupine.Operation{}
			for _, op := range all {
				of := op.Input.(named).request
				parts[of] = append(parts[of], op)
			}
			var out [][]porcupine.Operation
			for _, part := range parts {
				out = append(out, part)
			}
			return out
		},
		Init: func() any { return course{} },
		Step: func(state, input, output any) (bool, any) {
			now, counts := state.(course).step(input.(named).deed)
			return output.(seen) == seen{counts, now}, now
		},
	}
}
