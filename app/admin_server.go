package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/workflow"

	"latchkey/workflow/campaigns/export"
)

// adminServer answers the commands that look into the store. Only one process
// can have a bolt file open, so while the bot runs they ask it, through a socket
// beside the file that only the file's owner can open; otherwise they open the
// store themselves. Both ways lead through the same handler.
type adminServer struct {
	store    store.Store
	workflow *workflow.Service
	now      func() time.Time
	blind    string                                    // why nobody outside can be asked; empty if they can
	rekey    func(context.Context) error               // nil where no bot runs
	inForce  *inForce                                  // nil where no bot runs
	outside  outside                                   // what a rehearsal may ask
	seal     func() export.Sealing                     // what evidence is signed with
	checks   func(context.Context, bool) []HealthCheck // as pages.checks; nil where no bot runs
}

func (s adminServer) streams() streams {
	out := streams{store: s.store, seal: s.seal, now: s.now}
	if s.workflow != nil {
		out.people = s.workflow.People
	}
	return out
}

func (s adminServer) handler() http.Handler {
	mux := http.NewServeMux()
	erases, seats, lists := eraser{s.workflow, s.now}, reclaimAdmin{s.workflow, s.now}, listAdmin{s.workflow}
	mux.HandleFunc("GET /catalogue", answer(s.catalogue))
	mux.HandleFunc("POST /catalogue/plan", answer(rehearser{s.store, s.outside, s.now}.plan))
	mux.HandleFunc("GET /health", answer(s.health))
	mux.HandleFunc("GET /stuck", answer(s.stuck))
	mux.HandleFunc("POST /stuck/retry", answer(s.retry))
	mux.HandleFunc("POST /stuck/retry-all", answer(s.retryAll))
	mux.HandleFunc("GET /offboard", answer(s.holdings))
	mux.HandleFunc("POST /offboard", answer(s.offboard))
	mux.HandleFunc("POST /pause", answer(s.pause))
	mux.HandleFunc("POST /resume", answer(s.resume))
	for path, fill := range s.streams().byPath() {
		mux.Handle("GET "+path, sending(fill))
	}
	mux.Handle("GET /backup", archiver{s.store, s.now})
	mux.HandleFunc("GET /erase", answer(erases.plan))
	mux.HandleFunc("POST /erase", answer(erases.erase))
	mux.HandleFunc("POST /restore/accept", answer(s.acceptRestored))
	mux.HandleFunc("GET /birthright/plan", answer(s.birthrightPlan))
	mux.HandleFunc("GET /reclaim", answer(seats.summary))
	mux.HandleFunc("GET /reclaim/cases", answer(seats.cases))
	mux.HandleFunc("POST /reclaim/exempt", answer(seats.exempt))
	mux.HandleFunc("GET /reviews", answer(s.reviews))
	mux.HandleFunc("GET /review", answer(s.review))
	mux.HandleFunc("POST /review/start", answer(s.beginReview))
	mux.HandleFunc("POST /review/read", answer(s.readReview))
	mux.HandleFunc("POST /review/close", answer(s.closeReview))
	mux.HandleFunc("POST /review/hand-on", answer(s.handOn))
	mux.HandleFunc("POST /review/export", s.exportReview)
	mux.HandleFunc("POST /review/import", answer(lists.importList))
	mux.HandleFunc("POST /review/removed", answer(lists.saidRemoved))
	mux.HandleFunc("GET /report", answer(s.report))
	mux.HandleFunc("GET /people", answer(peopleAdmin{s.workflow}.accountReport))
	mux.HandleFunc("POST /people", answer(peopleAdmin{s.workflow}.take))
	mux.HandleFunc("GET /evidence/verify", answer(s.verify))
	mux.HandleFunc("GET /evidence/checkpoint", answer(s.checkpoint))
	mux.HandleFunc("POST /evidence/checkpoint", answer(s.checkpoint))
	mux.HandleFunc("GET /evidence/trace", answer(s.trace))
	mux.HandleFunc("GET /evidence/log", answer(s.log))
	mux.HandleFunc("POST /evidence/key", answer(s.newKey))
	return mux
}

func (s adminServer) stuck(r *http.Request) (any, error) {
	all, err := s.workflow.Query.Stuck(r.Context(), operator(r), 0, 0)
	return append([]Stuck{}, all.Items...), err
}

func (s adminServer) retry(r *http.Request) (any, error) {
	return s.workflow.Requests.Unstick(r.Context(), r.FormValue("id"), operator(r))
}

func (s adminServer) retryAll(r *http.Request) (any, error) {
	all, err := s.workflow.Requests.UnstickAll(r.Context(), operator(r))
	out := make([]Retried, len(all))
	for i, one := range all {
		if out[i].Stuck = one.Stuck; one.Err != nil {
			out[i].Problem = Sentence(one.Err)
		}
		if refusal, ok := access.AsRefusal(one.Err); ok {
			out[i].Problem = refusal.Sentence
		}
	}
	return out, err
}

// catalogue is which one is in force.
func (s adminServer) catalogue(*http.Request) (any, error) {
	if s.inForce == nil {
		return InForce{}, nil
	}
	return s.inForce.shown(), nil
}

// report is of the week asked for, or of the one that is.
func (s adminServer) report(r *http.Request) (any, error) {
	week := r.FormValue("week")
	if week == "" {
		week = evidence.WeekOf(s.now())
	}
	p, err := evidence.Week(week)
	if err != nil {
		return nil, err
	}
	figures, err := s.workflow.Query.Report(r.Context(), operator(r), p)
	if err != nil {
		return nil, err
	}
	head, err := checkpointOf(r.Context(), s.store)
	return WeeklyReport{week, figures, head}, err
}

func (s adminServer) trace(r *http.Request) (any, error) {
	who, err := whom(r, s.workflow.People)
	if err != nil {
		return nil, err
	}
	return s.workflow.Query.Trace(r.Context(), operator(r), who, r.FormValue("app"))
}

// log is how the log is called, and the key that it was last signed with.
func (s adminServer) log(r *http.Request) (any, error) {
	var out SignedLog
	err := s.store.View(r.Context(), func(tx store.Tx) (err error) {
		if out.Log, err = store.LogName(tx); err != nil {
			return err
		}
		signing, err := store.LoadSigning(tx)
		out.Key = signing.Key
		return err
	})
	return out, err
}

// newKey has the running bot take up the key that is there now. Where none runs, the
// next one does.
func (s adminServer) newKey(r *http.Request) (any, error) {
	if s.rekey == nil {
		return false, nil
	}
	return true, s.rekey(r.Context())
}

// trouble is an answer that is none.
type trouble struct {
	Error string `json:"error"`
}

func answer(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := f(r)
		if err != nil {
			w.WriteHeader(http.StatusConflict)
			v = trouble{Sentence(err)}
			if refusal, ok := access.AsRefusal(err); ok {
				v = trouble{refusal.Sentence}
			}
		}
		_ = json.NewEncoder(w).Encode(v) // whoever asked has gone
	}
}

// checkpointOf is the newest signed head of a store's log; "" if there is none.
func checkpointOf(ctx context.Context, s store.Store) (checkpoint string, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		now, err := store.LoadAnchoring(tx)
		checkpoint = now.Checkpoint
		return err
	})
	return checkpoint, err
}
