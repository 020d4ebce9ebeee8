package io.twelveseconds.demo.command;

/**
 * What is still to be said and done when somebody presses Ctrl-C, until it is forgotten.
 */
public final class OnInterrupt {

	private final Thread hook;

	public OnInterrupt(Runnable work) {
		this.hook = new Thread(work);
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	public void forget() {
		try {
			Runtime.getRuntime().removeShutdownHook(this.hook);
		}
		catch (IllegalStateException ex) {
			// It is at work: it will say what there is to say, and the process ends with
			// it.
			park();
		}
	}

	private static void park() {
		try {
			Thread.currentThread().join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
