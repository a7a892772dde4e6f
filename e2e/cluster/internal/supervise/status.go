package supervise

import "time"

// Phase of a cluster's life.
type Phase string

const (
	Starting Phase = "starting"
	Ready    Phase = "ready"
	Failed   Phase = "failed"
)

// Status is what the supervisor tells about its cluster.
type Status struct {
	Phase      Phase            `json:"phase"`
	Failure    string           `json:"failure,omitempty"`
	Steps      []string         `json:"steps"`
	Components []ComponentState `json:"components"`
}

// ComponentState is one line of the status.
type ComponentState struct {
	Name     string    `json:"name"`
	State    string    `json:"state"` // running, restarting or stopped
	PID      int       `json:"pid,omitempty"`
	Restarts int       `json:"restarts"`
	Since    time.Time `json:"since"`
}
