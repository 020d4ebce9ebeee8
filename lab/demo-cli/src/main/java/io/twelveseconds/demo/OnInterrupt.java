package io.twelveseconds.demo;

/**
 * What is still to be said and done when somebody presses Ctrl-C, until it is forgotten.
 */
final class OnInterrupt {

	private final Thread hook;

	OnInterrupt(Runnable work) {
		this.hook = new Thread(work);
		Runtime.getRuntime().addShutdownHook(this.hook);
	}

	void forget() {
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
