package supervise

import "fmt"

// node is the part of a Node that the start looks at.
type node struct {
	Metadata struct{ Name string }
	Status   struct {
		Allocatable map[string]string
		Conditions  []struct{ Type, Status, Message string }
	}
}

func (n node) ready() error {
	for _, condition := range n.Status.Conditions {
		if condition.Type == "Ready" {
			if condition.Status == "True" {
				return nil
			}
			return fmt.Errorf("node %s is not Ready: %s", n.Metadata.Name, condition.Message)
		}
	}
	return fmt.Errorf("node %s has no condition Ready yet", n.Metadata.Name)
}
